package cnnlab.scratch.compiled;

import cnnlab.scratch.Network;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;

/**
 * Rough times on one thread of a processor with vectors of 16 floats, measured once. Only their
 * ratio matters: it decides whether a network computes images side by side or one by one. The
 * decision is the same on every machine with vectors of that length, and for any number of threads.
 */
final class Cost {
  /** A fused multiply-add of vectors in the middle of a product. */
  private static final double PRODUCT = 0.36;

  /** The same where images lie side by side. */
  private static final double PRODUCT_OF_IMAGES = 0.38;

  /** Multiply-accumulates in a nanosecond. */
  private static final double ARITHMETIC = 50;

  /** Floats read from the third cache in a nanosecond. */
  private static final double READING = 15;

  /** A vector that is read, changed and written. */
  private static final double VECTOR = 1;

  /** A value that is computed on its own. */
  private static final double VALUE = 1.2;

  /** A step. */
  private static final double STEP = 100;

  private Cost() {}

  static double products(double vectors) {
    return PRODUCT * vectors;
  }

  /**
   * A product of matrices: either its arithmetic takes longer, or reading its weights.
   *
   * @param products multiply-accumulates
   * @param weights floats
   */
  static double product(long products, int weights) {
    return Math.max(products / ARITHMETIC, weights / READING);
  }

  static double vectors(double count) {
    return VECTOR * count + STEP;
  }

  static double values(double count) {
    return VALUE * count + STEP;
  }

  /** A layer whose values are computed one by one. */
  static double plain(Node node, Shape in) {
    return values(Math.max(node.shape().size() + in.size(), products(node, in)));
  }

  /** A group of L images side by side; {@code alone} if there is only one group. */
  static double sideBySide(Network network, boolean alone) {
    int lanes = network.kernels().lanes();
    double sum = 0;
    for (Node node : network.nodes()) {
      int from = node.inputs().get(0);
      Shape in = from < 0 ? network.inputShape() : network.nodes().get(from).shape();
      Layer layer = node.layer();
      double products = PRODUCT_OF_IMAGES * products(node, in);
      boolean slow =
          layer instanceof Activate f
              && f.activation().kind() != Activation.Kind.RELU
              && f.activation().kind() != Activation.Kind.LINEAR;
      sum += alone && layer instanceof Dense ? 2 * products : products;
      sum += slow ? VALUE * lanes * node.shape().size() : VECTOR * node.shape().size();
    }
    return sum;
  }

  /** Multiply-accumulates for one image. */
  private static double products(Node node, Shape in) {
    if (node.layer() instanceof Conv2d conv) {
      int kernel = conv.window().kernelHeight() * conv.window().kernelWidth();
      return (double) node.shape().size() * conv.inChannels() * kernel;
    }
    if (node.layer() instanceof DepthwiseConv2d conv) {
      int kernel = conv.window().kernelHeight() * conv.window().kernelWidth();
      return (double) node.shape().size() * kernel;
    }
    return node.layer() instanceof Dense ? (double) node.shape().size() * in.size() : 0;
  }
}
