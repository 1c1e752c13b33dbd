package cnnlab.scratch;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Carries parameters between a DL4J graph and the network compiled from it. */
public final class GraphParameters {
  /**
   * DL4J keeps log10 of a standard deviation where batch normalisation has {@code useLogStd}, its
   * default.
   */
  private static final String LOG_STD = "log10stdev";

  private static final String VARIANCE = "var";

  private GraphParameters() {}

  /** Copies the graph's parameters into the network. */
  static void read(ComputationGraph graph, Network network) {
    for (Network.Node node : network.nodes()) {
      int offset = node.parameterOffset();
      for (Layer.Parameter parameter : node.layer().parameters()) {
        Entry entry = entry(graph, node, parameter);
        float[] values = entry.array.dup('c').data().asFloat();
        for (int i = 0; i < values.length; i++) {
          network.parameters()[offset + i] =
              entry.logStd ? (float) Math.pow(10, 2.0 * values[i]) : values[i];
        }
        offset += values.length;
      }
    }
  }

  /**
   * Writes a network's parameters into the graph it was compiled from (or one of the same
   * configuration).
   *
   * @throws IllegalArgumentException when a parameter's size is not the graph's
   */
  public static void write(Network network, ComputationGraph graph) {
    for (Network.Node node : network.nodes()) {
      int offset = node.parameterOffset();
      for (Layer.Parameter parameter : node.layer().parameters()) {
        Entry entry = entry(graph, node, parameter);
        float[] values =
            Arrays.copyOfRange(network.parameters(), offset, offset + parameter.size());
        if (entry.logStd) {
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (Math.log10(values[i]) / 2);
          }
        }
        entry.array.assign(Nd4j.create(values, entry.array.shape(), 'c'));
        offset += parameter.size();
      }
    }
  }

  private record Entry(INDArray array, boolean logStd) {}

  private static Entry entry(ComputationGraph graph, Network.Node node, Layer.Parameter parameter) {
    String vertex = GraphCompiler.vertexOf(node);
    Map<String, INDArray> table = graph.getLayer(vertex).paramTable();
    boolean logStd = parameter.name().equals(VARIANCE) && table.containsKey(LOG_STD);
    INDArray array = table.get(logStd ? LOG_STD : parameter.name());
    if (array == null || array.length() != parameter.size()) {
      throw new IllegalArgumentException(
          "layer '%s': parameter %s should be %s, the graph has %s"
              .formatted(
                  vertex,
                  parameter.name(),
                  parameter.shape(),
                  array == null ? table.keySet() : Arrays.toString(array.shape())));
    }
    return new Entry(array, logStd);
  }
}
