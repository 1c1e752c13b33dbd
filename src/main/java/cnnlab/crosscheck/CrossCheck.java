package cnnlab.crosscheck;

import cnnlab.model.GraphEnds;
import cnnlab.scratch.Loss;
import cnnlab.scratch.Network;
import cnnlab.scratch.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs a DL4J graph and the network compiled from it on the same images and compares every layer.
 */
public final class CrossCheck {
  /** Images per pass: the activations of all layers are kept at once. */
  private static final int BATCH = 250;

  private final ComputationGraph graph;
  private final Network network;

  /**
   * @param graph the library's network
   * @param network the same network from scratch, its nodes named as the graph's vertices
   */
  public CrossCheck(ComputationGraph graph, Network network) {
    this.graph = graph;
    this.network = network;
  }

  /**
   * Compares layer by layer.
   *
   * @param x images [n, C, H, W]
   * @param n how many images
   * @return one row per layer that both have, in computing order; the last one is the output
   */
  public List<LayerDifference> layers(float[] x, int n) {
    Map<String, Difference> sums = new LinkedHashMap<>();
    int size = network.inputShape().size();
    for (int from = 0; from < n; from += BATCH) {
      int count = Math.min(BATCH, n - from);
      float[] part = Arrays.copyOfRange(x, from * size, (from + count) * size);
      Map<String, INDArray> library = LibraryActivations.of(graph, images(part, count));
      network
          .activations(part, count)
          .forEach(
              (name, ours) -> {
                if (library.containsKey(name)) {
                  Difference d =
                      Difference.between(library.get(name).dup('c').data().asFloat(), ours);
                  sums.merge(name, d, Difference::plus);
                }
              });
    }
    List<LayerDifference> rows = new ArrayList<>();
    for (Network.Node node : network.nodes()) {
      if (sums.containsKey(node.name())) {
        rows.add(
            new LayerDifference(
                node.name(), node.layer().kind(), node.shape(), sums.get(node.name())));
      }
    }
    return rows;
  }

  private INDArray images(float[] x, int n) {
    Shape in = network.inputShape();
    return GraphEnds.input(graph, x, n, in.channels(), in.height(), in.width());
  }

  /**
   * On how many images two classifiers choose the same class.
   *
   * @param a [n, K]
   * @param b [n, K]
   * @param classes K
   * @return the share, in [0, 1]
   */
  public static double argmaxAgreement(float[] a, float[] b, int classes) {
    int same = 0;
    for (int i = 0; i < a.length; i += classes) {
      same += Loss.argmax(a, i, classes) == Loss.argmax(b, i, classes) ? 1 : 0;
    }
    return (double) same * classes / a.length;
  }
}
