package cnnlab.crosscheck.bound;

import cnnlab.scratch64.Network;
import cnnlab.scratch64.layer.Node;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Runs images through a network in double precision and computes the bounds of every layer. */
public final class BoundedRun {
  private final Network network;
  private final List<RoundingBounds> layers;
  private final int[] lastReader;

  /**
   * @param network in double precision
   */
  public BoundedRun(Network network) {
    this.network = network;
    this.layers = network.nodes().stream().map(node -> RoundingBounds.of(network, node)).toList();
    this.lastReader = new int[network.nodes().size()];
    for (int k = 0; k < lastReader.length; k++) {
      int reader = k;
      network.nodes().get(k).inputs().stream()
          .filter(i -> i >= 0)
          .forEach(i -> lastReader[i] = reader);
    }
  }

  /**
   * Runs the network.
   *
   * @param x images [n, C, H, W]
   * @param n number of images
   * @param own the outputs that an engine computed, by layer. Each layer then reads these as exact
   *     inputs, so that only its own rounding errors remain; a layer that is not in the map passes
   *     on its values and bounds. Empty to propagate bounds from the first layer to the last
   * @param each receives every layer's values and bounds
   */
  public void run(float[] x, int n, Map<String, float[]> own, BiConsumer<Node, Bounded> each) {
    Bounded images = Bounded.exact(x);
    Bounded[] outputs = new Bounded[layers.size()];
    for (int k = 0; k < outputs.length; k++) {
      Node node = network.nodes().get(k);
      List<Bounded> inputs = node.inputs().stream().map(i -> i < 0 ? images : outputs[i]).toList();
      Bounded computed = layers.get(k).apply(inputs, n);
      each.accept(node, computed);
      float[] engine = own.get(node.name());
      outputs[k] = engine == null ? computed : Bounded.exact(engine);
      for (int i : node.inputs()) {
        if (i >= 0 && lastReader[i] == k) {
          outputs[i] = null;
        }
      }
    }
  }

  /** The approximate number of multiplications for one image. */
  public long cost() {
    long sum = 1;
    for (Node node : network.nodes()) {
      boolean weights = node.layer().parameterCount() > 0;
      sum += node.shape().size();
      sum += weights ? (long) node.layer().parameterCount() * node.shape().plane() : 0;
    }
    return sum;
  }

  /** The number of values of all layers for one image. */
  public long values() {
    return network.nodes().stream().mapToLong(node -> node.shape().size()).sum()
        + network.inputShape().size();
  }
}
