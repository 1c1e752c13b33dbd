package cnnlab.scratch.dl4j;

import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Copies parameters between a DL4J graph and the network compiled from it. */
public final class GraphParameters {
  /**
   * DL4J's name for log10 of the standard deviation, which batch normalisation with {@code
   * useLogStd}, the default, stores instead of the variance.
   */
  private static final String LOG_STD = "log10stdev";

  private static final String VARIANCE = "var";

  private GraphParameters() {}

  /** Copies the graph's parameters into the network. */
  static void read(ComputationGraph graph, Network network) {
    for (Node node : network.nodes()) {
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
    for (Node node : network.nodes()) {
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

  /** A parameter of a graph, with its dimensions in the engine's order. */
  private record Entry(INDArray array, boolean logStd) {}

  private static Entry entry(ComputationGraph graph, Node node, Layer.Parameter parameter) {
    String vertex = GraphCompiler.vertexOf(graph, node);
    var conf = graph.getLayer(vertex).conf().getLayer();
    Map<String, INDArray> table = graph.getLayer(vertex).paramTable();
    if (conf instanceof BatchNormalization norm && norm.isLockGammaBeta() && fixed(parameter)) {
      return new Entry(fixedValues(norm, parameter), false);
    }
    boolean logStd = parameter.name().equals(VARIANCE) && table.containsKey(LOG_STD);
    INDArray array = table.get(logStd ? LOG_STD : key(conf, node, parameter));
    if (array == null || array.length() != parameter.size()) {
      throw new IllegalArgumentException(
          "layer '%s': parameter %s should be %s, the graph has %s"
              .formatted(
                  vertex,
                  parameter.name(),
                  parameter.shape(),
                  array == null ? table.keySet() : Arrays.toString(array.shape())));
    }
    return new Entry(inOurOrder(array, conf, node), logStd);
  }

  /** DL4J's name of a node's parameter. */
  static String key(
      org.deeplearning4j.nn.conf.layers.Layer conf, Node node, Layer.Parameter parameter) {
    boolean pointwise = conf instanceof SeparableConvolution2D && node.layer() instanceof Conv2d;
    return pointwise && parameter.name().equals("W")
        ? SeparableConvolutionParamInitializer.POINT_WISE_WEIGHT_KEY
        : parameter.name();
  }

  /** A view of depthwise kernels as [C, M, KH, KW]; all others are in the engine's order. */
  private static INDArray inOurOrder(
      INDArray array, org.deeplearning4j.nn.conf.layers.Layer conf, Node node) {
    if (!(node.layer() instanceof DepthwiseConv2d) || array.rank() != 4) {
      return array;
    }
    return conf instanceof SeparableConvolution2D
        ? array.permute(1, 0, 2, 3)
        : array.permute(2, 3, 0, 1);
  }

  private static boolean fixed(Layer.Parameter parameter) {
    return parameter.name().equals("gamma") || parameter.name().equals("beta");
  }

  /** Values that are not among the graph's parameters; writing to them has no effect. */
  private static INDArray fixedValues(BatchNormalization norm, Layer.Parameter parameter) {
    double value = parameter.name().equals("gamma") ? norm.getGamma() : norm.getBeta();
    return Nd4j.valueArrayOf(new long[] {parameter.size()}, value, DataType.FLOAT);
  }
}
