package cnnlab.bench.model;

import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.GroupConv2d;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.TransposedConv2d;

/**
 * What a layer has to do for one image.
 *
 * @param multiplications in convolutions and dense layers, each with an addition; 0 in others
 * @param values read and written: inputs and output of one image
 * @param weights read once for all images of a batch
 */
public record LayerWork(long multiplications, long values, long weights) {

  /** The work of one node. */
  public static LayerWork of(Network network, Node node) {
    long in = 0;
    for (int input : node.inputs()) {
      in += shape(network, input).size();
    }
    return new LayerWork(
        multiplications(network, node),
        in + node.shape().size(),
        node.layer().expandedCount() > 0
            ? node.layer().expandedCount()
            : node.layer().parameterCount());
  }

  private static Shape shape(Network network, int node) {
    return node < 0 ? network.inputShape() : network.nodes().get(node).shape();
  }

  private static long multiplications(Network network, Node node) {
    long outputs = node.shape().size();
    if (node.layer() instanceof Conv2d c) {
      return outputs * c.inChannels() * c.window().kernelHeight() * c.window().kernelWidth();
    } else if (node.layer() instanceof DepthwiseConv2d c) {
      return outputs * c.window().kernelHeight() * c.window().kernelWidth();
    } else if (node.layer() instanceof TransposedConv2d c) {
      long inputs = shape(network, node.inputs().get(0)).size();
      return inputs * c.outChannels() * c.window().kernelHeight() * c.window().kernelWidth();
    } else if (node.layer() instanceof GroupConv2d c) {
      // The bank [8O, 8C, k, k] or [8O, C, k, k] on each position; the output is [O, 8H, W].
      long maps = 8L * c.outChannels();
      return (c.expandedCount() - (c.bias() ? maps : 0)) * outputs / maps;
    } else if (node.layer() instanceof Dense d) {
      return (long) d.in() * d.out();
    }
    return 0;
  }

  /**
   * Multiplications and additions of a network for one image.
   *
   * @param train whether of a training step: the same number again for the gradient of the weights
   *     and, except in the first layer with weights, for that of the input
   */
  public static long operations(Network network, boolean train) {
    long sum = 0;
    boolean first = true;
    for (Node node : network.nodes()) {
      long forward = 2 * multiplications(network, node);
      sum += train ? (first ? 2 : 3) * forward : forward;
      first &= forward == 0;
    }
    return sum;
  }
}
