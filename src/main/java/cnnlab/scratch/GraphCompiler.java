package cnnlab.scratch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Turns a DL4J {@link ComputationGraph} (its configuration and its parameters) into a {@link
 * Network} that computes the same without DL4J. With {@link LayerCompiler} this is the only class
 * of the package that knows DL4J.
 *
 * <p>A graph vertex becomes the node of its name; what DL4J does inside a vertex before its output
 * (input dropout, a preprocessor, a layer before its activation) becomes nodes named {@code
 * vertex/dropout}, {@code vertex/flatten} and {@code vertex/linear}.
 */
public final class GraphCompiler {
  static final String LINEAR = "/linear";
  private static final String DROPOUT = "/dropout";
  private static final String FLATTEN = "/flatten";

  private GraphCompiler() {}

  /**
   * Compiles a graph with one input and one output.
   *
   * @param graph an initialised graph; it is only read
   * @param input the shape of one image (DL4J does not keep it)
   * @param kernels what the network will compute with
   * @return a network with copies of the graph's parameters
   * @throws UnsupportedGraphException when the graph holds something the engine cannot do
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

  /** The DL4J vertex that a node was compiled from. */
  public static String vertexOf(Network.Node node) {
    return node.name().endsWith(LINEAR)
        ? node.name().substring(0, node.name().length() - LINEAR.length())
        : node.name();
  }

  private static void addVertex(
      Network.Builder builder, String name, GraphVertex vertex, String[] inputs) {
    if (vertex instanceof LayerVertex v) {
      var layer = v.getLayerConf().getLayer();
      String[] from = preprocess(builder, name, v.getPreProcessor(), inputs);
      if (layer.getIDropout() != null) {
        builder.add(name + DROPOUT, LayerCompiler.dropout(name, layer.getIDropout()), from);
        from = new String[] {name + DROPOUT};
      }
      LayerCompiler.add(builder, name, layer, from);
    } else if (vertex instanceof ElementWiseVertex v) {
      if (v.getOp() != ElementWiseVertex.Op.Add) {
        throw new UnsupportedGraphException(name, vertex, "op " + v.getOp() + ", only Add");
      }
      builder.add(name, new Add(), inputs);
    } else if (vertex instanceof PreprocessorVertex v) {
      checkFlatten(name, v.getPreProcessor());
      builder.add(name, new Flatten(), inputs);
    } else {
      throw new UnsupportedGraphException(name, vertex, "this kind of vertex");
    }
  }

  private static String[] preprocess(
      Network.Builder builder, String name, InputPreProcessor preprocessor, String[] inputs) {
    if (preprocessor == null) {
      return inputs;
    }
    checkFlatten(name, preprocessor);
    builder.add(name + FLATTEN, new Flatten(), inputs);
    return new String[] {name + FLATTEN};
  }

  private static void checkFlatten(String name, InputPreProcessor preprocessor) {
    if (!(preprocessor instanceof CnnToFeedForwardPreProcessor flatten)) {
      throw new UnsupportedGraphException(name, preprocessor, "this preprocessor");
    }
    LayerCompiler.requireChannelsFirst(name, preprocessor, flatten.getFormat());
  }

  private static void single(List<String> names, String what) {
    if (names.size() != 1) {
      throw new IllegalArgumentException(
          "the graph has %d %s %s, the from-scratch engine takes one"
              .formatted(names.size(), what, names));
    }
  }

  /** The vertices the output needs, each after its inputs. */
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
