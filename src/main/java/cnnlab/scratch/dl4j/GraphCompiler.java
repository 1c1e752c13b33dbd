package cnnlab.scratch.dl4j;

import cnnlab.model.product.MatrixProduct;
import cnnlab.model.shape.InputPart;
import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.ChannelSlice;
import cnnlab.scratch.layer.Concatenate;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Reshape;
import cnnlab.scratch.layer.ScaleShift;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Turns a DL4J {@link ComputationGraph} (its configuration and its parameters) into a {@link
 * Network} that computes the same without DL4J. In the engine, only this package knows DL4J.
 *
 * <p>A graph vertex becomes the node of its name; what DL4J does inside a vertex before its output
 * (a preprocessor, input dropout, half of a separable convolution, a layer before its activation)
 * becomes nodes named {@code vertex/flatten}, {@code vertex/dropout}, {@code vertex/depthwise} and
 * {@code vertex/linear}.
 */
public final class GraphCompiler {
  static final String LINEAR = "/linear";
  static final String DEPTHWISE = "/depthwise";
  private static final String DROPOUT = "/dropout";
  private static final String FLATTEN = "/flatten";
  private static final String AFFINE = "/affine";
  private static final String SLICE = "/slice";

  private GraphCompiler() {}

  /**
   * Compiles a graph with one input and one output.
   *
   * @param graph an initialised graph; it is only read
   * @param input the shape of one image, which DL4J does not store
   * @param kernels the loops that the network will compute with
   * @return a network with copies of the graph's parameters
   * @throws UnsupportedGraphException when the graph contains something that the engine does not
   *     support
   * @throws IllegalArgumentException when the layers do not fit the input
   */
  public static Network compile(ComputationGraph graph, Shape input, Kernels kernels) {
    ComputationGraphConfiguration conf = graph.getConfiguration();
    single(conf.getNetworkInputs(), "inputs");
    single(conf.getNetworkOutputs(), "outputs");
    Network.Builder builder = Network.builder(input);
    for (String name : computingOrder(conf)) {
      String[] inputs =
          conf.getVertexInputs().get(name).stream()
              .map(in -> conf.getNetworkInputs().contains(in) ? Network.INPUT : in)
              .toArray(String[]::new);
      addVertex(builder, name, conf.getVertices().get(name), inputs);
    }
    Network network = builder.build(new float[builder.parameterCount()], kernels);
    GraphParameters.read(graph, network);
    return network;
  }

  /**
   * The DL4J vertex that a node was compiled from.
   *
   * @param graph in which the node's own name is looked up first, since a vertex may be called
   *     {@code x/linear}
   */
  public static String vertexOf(ComputationGraph graph, Node node) {
    String name = node.name();
    if (graph.getVertex(name) != null) {
      return name;
    }
    for (String inner : List.of(LINEAR, DEPTHWISE)) {
      if (name.endsWith(inner)) {
        return name.substring(0, name.length() - inner.length());
      }
    }
    return name;
  }

  private static void addVertex(
      Network.Builder builder, String name, GraphVertex vertex, String[] inputs) {
    if (vertex instanceof LayerVertex v) {
      var layer = v.getLayerConf().getLayer();
      String[] from = inputs;
      if (v.getPreProcessor() != null) {
        Layer before = ShapeCompiler.preprocessor(name, v.getPreProcessor());
        String node = name + (before instanceof ScaleShift ? AFFINE : FLATTEN);
        builder.add(node, before, from);
        from = new String[] {node};
      }
      if (layer.getIDropout() != null) {
        builder.add(name + DROPOUT, DropoutCompiler.layer(name, layer.getIDropout()), from);
        from = new String[] {name + DROPOUT};
      }
      LayerCompiler.add(builder, name, layer, from);
    } else if (vertex instanceof ElementWiseVertex v) {
      builder.add(name, new ElementwiseMerge(op(v.getOp())), inputs);
    } else if (vertex instanceof MergeVertex v) {
      if (v.getMergeAxis() != MergeVertex.DEFAULT_MERGE_DIM) {
        throw new UnsupportedGraphException(
            name, vertex, "merge axis %d, only 1 (channels)".formatted(v.getMergeAxis()));
      }
      builder.add(name, new Concatenate(), inputs);
    } else if (vertex instanceof MatrixProduct) {
      builder.add(name, new cnnlab.scratch.layer.MatrixProduct(), inputs);
    } else if (vertex instanceof PreprocessorVertex v
        && v.getPreProcessor() instanceof InputPart part) {
      addInput(builder, name, part, inputs);
    } else if (vertex instanceof PreprocessorVertex v) {
      builder.add(name, ShapeCompiler.preprocessor(name, v.getPreProcessor()), inputs);
    } else {
      throw new UnsupportedGraphException(name, vertex, "this kind of vertex");
    }
  }

  private static void addInput(
      Network.Builder builder, String name, InputPart part, String[] inputs) {
    Layer slice = new ChannelSlice(part.from(), part.from() + part.size());
    int[] to = part.to();
    if (to.length == 1) {
      builder.add(name, slice, inputs);
    } else {
      builder.add(name + SLICE, slice, inputs);
      builder.add(name, new Reshape(new Shape(to[2], to[0], to[1])), name + SLICE);
    }
  }

  private static ElementwiseMerge.Op op(ElementWiseVertex.Op op) {
    return switch (op) {
      case Add -> ElementwiseMerge.Op.ADD;
      case Subtract -> ElementwiseMerge.Op.SUBTRACT;
      case Product -> ElementwiseMerge.Op.MULTIPLY;
      case Average -> ElementwiseMerge.Op.AVERAGE;
      case Max -> ElementwiseMerge.Op.MAXIMUM;
    };
  }

  private static void single(List<String> names, String what) {
    if (names.size() != 1) {
      throw new IllegalArgumentException(
          "the graph has %d %s %s, the from-scratch engine takes one"
              .formatted(names.size(), what, names));
    }
  }

  /** The vertices that the output depends on, each after its inputs. */
  private static Collection<String> computingOrder(ComputationGraphConfiguration conf) {
    Set<String> done = new HashSet<>(conf.getNetworkInputs());
    List<String> order = new ArrayList<>();
    Deque<String> open = new ArrayDeque<>(conf.getNetworkOutputs());
    while (!open.isEmpty()) {
      String name = open.peek();
      List<String> missing =
          done.contains(name)
              ? List.of()
              : conf.getVertexInputs().get(name).stream().filter(in -> !done.contains(in)).toList();
      if (missing.isEmpty()) {
        open.pop();
        if (done.add(name)) {
          order.add(name);
        }
      } else {
        missing.forEach(open::push);
      }
    }
    return order;
  }
}
