package cnnlab.scratch;

import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Parameters and targets for networks under test. */
public final class TestNetworks {
  private TestNetworks() {}

  /** The output's shape of the last layer so far, or the input's. */
  public static Shape lastShape(Network.Builder builder) {
    List<Node> nodes = builder.nodes();
    return nodes.isEmpty() ? builder.shape(Network.INPUT) : nodes.get(nodes.size() - 1).shape();
  }

  /** Random parameters of a size that keeps activations near one; variances positive. */
  public static float[] parameters(Network.Builder builder, long seed) {
    Random random = new Random(seed);
    float[] values = new float[builder.parameterCount()];
    for (Node node : builder.nodes()) {
      int at = node.parameterOffset();
      for (Layer.Parameter p : node.layer().parameters()) {
        double scale = p.shape().size() == 1 ? 0.3 : Math.sqrt(2.0 * fanOut(p) / p.size());
        for (int i = 0; i < p.size(); i++, at++) {
          double v = random.nextGaussian();
          values[at] =
              (float)
                  switch (p.name()) {
                    case "var" -> 0.5 + v * v;
                    case "gamma" -> 1 + 0.3 * v;
                    default -> scale * v;
                  };
        }
      }
    }
    return values;
  }

  private static int fanOut(Layer.Parameter p) {
    return p.shape().size() == 2 ? p.shape().get(1) : p.shape().get(0);
  }

  /** Random distributions over the classes [n, classes]. */
  public static float[] targets(int n, int classes, long seed) {
    Random random = new Random(seed);
    float[] y = new float[n * classes];
    for (int i = 0; i < n; i++) {
      float share = random.nextFloat();
      y[i * classes + random.nextInt(classes)] += share;
      y[i * classes + random.nextInt(classes)] += 1 - share;
    }
    return y;
  }

  /** Asserts that the gradients of each parameter tensor agree. */
  public static void assertSameGradients(
      Network network, float[] expected, float[] actual, double tolerance) {
    for (Node node : network.nodes()) {
      int at = node.parameterOffset();
      for (Layer.Parameter p : node.layer().parameters()) {
        TestGraphs.assertClose(
            node.name() + "." + p.name(),
            Arrays.copyOfRange(expected, at, at + p.size()),
            Arrays.copyOfRange(actual, at, at + p.size()),
            tolerance);
        at += p.size();
      }
    }
  }
}
