package cnnlab.onnx.read;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto.Dimension;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;

/**
 * The checked graph of a model: one input, one output, constants, and nodes of which each stands
 * after those that it reads.
 */
public final class OnnxGraph {
  private static final int OLDEST = 11;
  private static final int NEWEST = 22;
  private static final int MOST_NAMED = 5;

  private final TensorReader tensors;
  private final Map<String, TensorProto> initialisers = new HashMap<>();
  private final Map<String, OnnxNode> producers = new HashMap<>();
  private final Map<String, List<OnnxNode>> consumers = new HashMap<>();
  private final List<OnnxNode> order = new ArrayList<>();
  private final ValueInfoProto input;
  private final String output;

  private OnnxGraph(ModelProto model, Path folder) {
    GraphProto graph = model.getGraph();
    tensors = new TensorReader(new ExternalData(folder));
    int opset = opset(model);
    requireCount("nodes", graph.getNodeCount());
    requireCount("initialisers", graph.getInitializerCount());
    for (TensorProto tensor : graph.getInitializerList()) {
      if (initialisers.put(tensor.getName(), tensor) != null) {
        throw new OnnxFault("two initialisers have the name '%s'".formatted(tensor.getName()));
      }
    }
    input = input(graph);
    List<OnnxNode> nodes = nodes(graph, opset);
    output = output(graph);
    sort(nodes);
  }

  /**
   * Reads and checks a model.
   *
   * @param model the bytes of the file
   * @param folder the model's folder, in which files with weights may be; null for none
   * @throws OnnxFault when it is not a model, or one that cannot be
   */
  public static OnnxGraph of(byte[] model, Path folder) {
    try {
      WireScan.check(model);
      CodedInputStream in = CodedInputStream.newInstance(model);
      in.enableAliasing(true);
      ModelProto parsed = ModelProto.parseFrom(in);
      if (!parsed.hasGraph() || parsed.getOpsetImportCount() == 0) {
        throw notOnnx("no graph or no operator set in it", null);
      }
      return new OnnxGraph(parsed, folder);
    } catch (InvalidProtocolBufferException e) {
      throw notOnnx(e.getMessage(), e);
    } catch (IOException e) {
      throw notOnnx(e.toString(), e);
    }
  }

  private static OnnxFault notOnnx(String reason, Throwable cause) {
    return new OnnxFault(
        "not an ONNX model, damaged or truncated (%s); copy the file again or export it again"
            .formatted(reason),
        cause);
  }

  private static int opset(ModelProto model) {
    long opset = 0;
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx")) {
        opset = set.getVersion();
      }
    }
    if (opset < OLDEST || opset > NEWEST) {
      throw new OnnxFault(
          "written for operator set %d; supported are %d to %d. Export it with opset_version=%d"
              .formatted(opset, OLDEST, NEWEST, 18));
    }
    return (int) opset;
  }

  private static void requireCount(String what, int count) {
    if (count > Limits.NODES) {
      throw new OnnxFault("%,d %s; at most %,d".formatted(count, what, Limits.NODES));
    }
  }

  private ValueInfoProto input(GraphProto graph) {
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(i -> !initialisers.containsKey(i.getName())).toList();
    if (inputs.size() != 1) {
      throw new OnnxFault(
          "%d inputs%s; only models with one input are supported"
              .formatted(inputs.size(), names(inputs)));
    }
    return inputs.get(0);
  }

  private static String names(List<ValueInfoProto> values) {
    return values.isEmpty()
        ? ""
        : values.stream()
            .limit(MOST_NAMED)
            .map(ValueInfoProto::getName)
            .collect(
                Collectors.joining("', '", " ('", values.size() > MOST_NAMED ? "', …)" : "')"));
  }

  private List<OnnxNode> nodes(GraphProto graph, int opset) {
    List<OnnxNode> nodes = new ArrayList<>();
    for (NodeProto proto : graph.getNodeList()) {
      OnnxNode node = new OnnxNode(proto, opset, tensors);
      if (!node.domain().isEmpty()) {
        throw node.fault(
            "an operator of the domain '%s'; only ONNX's own operators are supported. Export the model without optimisations of a runtime"
                .formatted(node.domain()));
      }
      if (node.outputs().isEmpty()) {
        throw node.fault("it has no output");
      }
      nodes.add(node);
      for (String name : node.outputs()) {
        if (name.isEmpty()) {
          continue;
        }
        if (name.equals(input.getName()) || initialisers.containsKey(name)) {
          throw node.fault(
              "its output '%s' has the name of an input or initialiser".formatted(name));
        }
        OnnxNode other = producers.put(name, node);
        if (other != null) {
          throw node.fault(
              "its output '%s' is also one of node '%s'".formatted(name, other.name()));
        }
      }
      new LinkedHashSet<>(node.inputs())
          .forEach(name -> consumers.computeIfAbsent(name, n -> new ArrayList<>()).add(node));
    }
    return nodes;
  }

  private String output(GraphProto graph) {
    if (graph.getOutputCount() != 1) {
      throw new OnnxFault(
          "%d outputs%s; only models with one output are supported"
              .formatted(graph.getOutputCount(), names(graph.getOutputList())));
    }
    String name = graph.getOutput(0).getName();
    if (!producers.containsKey(name)) {
      throw new OnnxFault("its output '%s' is computed by no node".formatted(name));
    }
    return name;
  }

  /** Puts the nodes that the output depends on into an order of computation. */
  private void sort(List<OnnxNode> nodes) {
    Set<OnnxNode> needed = needed();
    Map<OnnxNode, Integer> missing = new HashMap<>();
    Deque<OnnxNode> ready = new ArrayDeque<>();
    for (OnnxNode node : nodes) {
      if (!needed.contains(node)) {
        continue;
      }
      int count = (int) node.inputs().stream().distinct().filter(producers::containsKey).count();
      missing.put(node, count);
      if (count == 0) {
        ready.add(node);
      }
    }
    while (!ready.isEmpty()) {
      OnnxNode node = ready.poll();
      order.add(node);
      for (String name : new HashSet<>(node.outputs())) {
        for (OnnxNode next : consumers.getOrDefault(name, List.of())) {
          if (needed.contains(next) && missing.merge(next, -1, Integer::sum) == 0) {
            ready.add(next);
          }
        }
      }
    }
    if (order.size() < needed.size()) {
      needed.removeAll(order);
      throw new OnnxFault(
          "nodes depend on their own outputs, in a circle: "
              + needed.stream().limit(MOST_NAMED).map(OnnxNode::toString).toList());
    }
  }

  private Set<OnnxNode> needed() {
    Set<OnnxNode> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(output));
    while (!open.isEmpty()) {
      OnnxNode node = producers.get(open.poll());
      if (node == null || !needed.add(node)) {
        continue;
      }
      for (String name : node.inputs()) {
        if (producers.containsKey(name)) {
          open.add(name);
        } else if (!name.isEmpty()
            && !name.equals(input.getName())
            && !initialisers.containsKey(name)) {
          throw node.fault(
              "it reads '%s', which is neither the input nor an initialiser nor computed by a node"
                  .formatted(name));
        }
      }
    }
    return needed;
  }

  /** The nodes that the output depends on, each after those that it reads. */
  public List<OnnxNode> nodes() {
    return order;
  }

  /** The name of the input. */
  public String input() {
    return input.getName();
  }

  /** The name of the output. */
  public String output() {
    return output;
  }

  /**
   * The node that computes a value.
   *
   * @return null for the input and initialisers
   */
  public OnnxNode producer(String name) {
    return producers.get(name);
  }

  /** The nodes that read a value. */
  public List<OnnxNode> consumers(String name) {
    return consumers.getOrDefault(name, List.of());
  }

  /**
   * An initialiser.
   *
   * @return null when there is none of this name
   */
  public Tensor initialiser(String name) {
    TensorProto proto = initialisers.get(name);
    return proto == null ? null : tensors.read("initialiser '" + name + "'", proto);
  }

  /** Whether there is an initialiser of this name. */
  boolean hasInitialiser(String name) {
    return initialisers.containsKey(name);
  }

  /**
   * The sizes of the input's axes; −1 where the file gives none.
   *
   * @throws OnnxFault when it is not a tensor of floating-point numbers with a known number of axes
   */
  public long[] inputShape() {
    TypeProto.Tensor type = input.getType().getTensorType();
    TensorProto.DataType element = TensorProto.DataType.forNumber(type.getElemType());
    if (element != TensorProto.DataType.FLOAT) {
      throw new OnnxFault("its input '%s' has type %s; expected FLOAT".formatted(input(), element));
    }
    if (!type.hasShape()) {
      throw new OnnxFault("its input '%s' has no shape".formatted(input()));
    }
    if (type.getShape().getDimCount() > Limits.RANK) {
      throw new OnnxFault(
          "its input '%s' has %d axes".formatted(input(), type.getShape().getDimCount()));
    }
    return type.getShape().getDimList().stream().mapToLong(OnnxGraph::size).toArray();
  }

  private static long size(Dimension d) {
    return d.hasDimValue() && d.getDimValue() > 0 ? d.getDimValue() : -1;
  }
}
