package cnnlab.scratch.layer;

import cnnlab.scratch.DoubleCopy;
import cnnlab.scratch.Network;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * The output of every node of a network in double precision, and an upper bound on the distance of
 * float arithmetic from it: a running error bound (Higham, Accuracy and Stability of Numerical
 * Algorithms, 2002, ch. 3). A sum of n products is off by no more than γ(n)·Σ|w||x|, γ(n) = n·u /
 * (1 − n·u), whatever the order of summation and whether or not with fused multiply-adds; errors of
 * the inputs are multiplied by the absolute weights.
 */
public final class RoundingBounds {
  /** u, the unit roundoff of float. */
  private static final double U = 0x1p-24;

  private final Network network;
  private final int n;
  private final Map<String, double[]> values;
  private final Map<String, double[]> bounds = new LinkedHashMap<>();

  /**
   * @param x images [n, C, H, W]
   */
  public RoundingBounds(Network network, float[] x, int n) {
    this.network = network;
    this.n = n;
    double[] input = DoubleCopy.widen(x);
    this.values = DoubleCopy.of(network).activations(input, n);
    values.put(Network.INPUT, input);
    bounds.put(Network.INPUT, new double[input.length]);
    for (Node node : network.nodes()) {
      String[] names = DoubleCopy.inputNames(network, node);
      double[][] in = Arrays.stream(names).map(values::get).toArray(double[][]::new);
      double[][] errors = Arrays.stream(names).map(bounds::get).toArray(double[][]::new);
      bounds.put(node.name(), bound(node, in, errors, values.get(node.name())));
    }
  }

  private String lastName() {
    return network.nodes().get(network.nodes().size() - 1).name();
  }

  /** Fails unless the output of the last node is within its bound. */
  public void requireOutput(String what, float[] found) {
    require(what, lastName(), found);
  }

  /** The same for any node. */
  public void require(String what, String node, float[] found) {
    double[] expected = values.get(node);
    double[] bound = bounds.get(node);
    if (found.length != expected.length) {
      throw new AssertionError(
          "%s, node %s: %d values, not %d".formatted(what, node, found.length, expected.length));
    }
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(found[i] - expected[i]);
      if (!(difference <= bound[i])) {
        throw new AssertionError(
            "%s, node %s, value %d: %s, in double precision %s, off by %.3g, at most %.3g in %s"
                .formatted(
                    what, node, i, found[i], expected[i], difference, bound[i], network.nodes()));
      }
    }
  }

  private static double gamma(double roundings) {
    return roundings * U / (1 - roundings * U);
  }

  private double[] bound(Node node, double[][] x, double[][] e, double[] y) {
    Layer layer = node.layer();
    int at = node.parameterOffset();
    if (layer instanceof Conv2d c) {
      int terms = c.inChannels() * c.window().kernelHeight() * c.window().kernelWidth();
      Layer linear = new Conv2d(c.inChannels(), c.outChannels(), c.window(), c.bias(), false);
      return product(node, linear, terms, terms * c.outChannels(), x[0], e[0]);
    } else if (layer instanceof DepthwiseConv2d d) {
      int terms = d.window().kernelHeight() * d.window().kernelWidth();
      Layer linear = new DepthwiseConv2d(d.channels(), d.multiplier(), d.window(), d.bias(), false);
      return product(node, linear, terms, terms * d.channels() * d.multiplier(), x[0], e[0]);
    } else if (layer instanceof TransposedConv2d t) {
      int kernel = t.window().kernelHeight() * t.window().kernelWidth();
      int weights = t.inChannels() * t.outChannels() * kernel;
      return product(node, t, t.inChannels() * kernel, weights, x[0], e[0]);
    } else if (layer instanceof BilinearResize2d) {
      return alone(node, layer, new double[0], rounded(x[0], e[0], 12));
    } else if (layer instanceof Resample2d r) {
      return alone(node, r.magnitudes(), new double[0], rounded(x[0], e[0], r.terms() + 8));
    } else if (layer instanceof GroupConv2d g) {
      Layer linear =
          new GroupConv2d(g.inChannels(), g.outChannels(), g.side(), g.lifting(), g.bias(), false);
      int weights = g.parameters().get(0).size();
      return product(node, linear, g.products(), weights, x[0], e[0]);
    } else if (layer instanceof Dense d) {
      Layer linear = new Dense(d.in(), d.out(), d.bias(), false);
      return product(node, linear, d.in(), d.in() * d.out(), x[0], e[0]);
    } else if (layer instanceof AvgPool2d p) {
      int terms = p.window().kernelHeight() * p.window().kernelWidth();
      return alone(node, layer, new double[0], rounded(x[0], e[0], terms + 1));
    } else if (layer instanceof GlobalAvgPool2d) {
      int terms = x[0].length / y.length;
      return alone(node, layer, new double[0], rounded(x[0], e[0], terms + 1));
    } else if (layer instanceof BatchNorm b) {
      return perChannel(
          node,
          x[0],
          e[0],
          c -> {
            double variance = parameter(at + 3 * b.channels() + c);
            return parameter(at + c) / Math.sqrt(variance + b.eps());
          },
          c -> Math.abs(parameter(at + b.channels() + c)),
          c -> Math.abs(parameter(at + 2 * b.channels() + c)));
    } else if (layer instanceof ScaleShift a) {
      return perChannel(
          node,
          x[0],
          e[0],
          c -> a.scale()[c % a.scale().length],
          c -> Math.abs(a.offset()[c % a.offset().length]),
          c -> 0);
    } else if (layer instanceof PRelu) {
      return perChannel(
          node, x[0], e[0], c -> Math.max(1, Math.abs(parameter(at + c))), c -> 0, c -> 0);
    } else if (layer instanceof ElementwiseMerge c) {
      return combined(c.op(), x, e);
    } else if (layer instanceof Activate a) {
      return activated(a.activation(), e[0], y);
    } else if (layer instanceof Softmax) {
      return softmax(node.shape(), x[0], e[0], y);
    } else if (layer instanceof Concatenate) {
      return concatenated(node, e);
    }
    // Values are moved, or the largest is taken: a maximum has no larger error than its arguments.
    return alone(node, layer, new double[0], e[0]);
  }

  /** e + γ(roundings)·(|x| + e). */
  private static double[] rounded(double[] x, double[] e, int roundings) {
    double[] out = new double[x.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = e[i] + gamma(roundings) * (Math.abs(x[i]) + e[i]) + Float.MIN_VALUE;
    }
    return out;
  }

  /** Sums of {@code terms} products and a bias, then perhaps a ReLU, which adds nothing. */
  private double[] product(
      Node node, Layer linear, int terms, int weights, double[] x, double[] e) {
    int roundings = terms + 2;
    double[] absolute = new double[node.layer().parameterCount()];
    for (int i = 0; i < absolute.length; i++) {
      double p = Math.abs(parameter(node.parameterOffset() + i));
      absolute[i] = i < weights ? p : gamma(roundings) * p;
    }
    double[] bound = alone(node, linear, absolute, rounded(x, e, roundings));
    for (int i = 0; i < bound.length; i++) {
      // A product that is too small to be a float is off by half the smallest one.
      bound[i] += terms * (double) Float.MIN_VALUE;
    }
    return bound;
  }

  private double parameter(int at) {
    return network.parameters()[at];
  }

  /** One layer by itself, in double precision. */
  private double[] alone(Node node, Layer layer, double[] parameters, double[] x) {
    int input = node.inputs().get(0);
    Shape in = input < 0 ? network.inputShape() : network.nodes().get(input).shape();
    return cnnlab.scratch64.Network.builder(DoubleCopy.shape(in))
        .add("layer", DoubleCopy.layer(layer))
        .build(parameters, new cnnlab.scratch64.kernel.ReferenceKernels())
        .predict(x, n);
  }

  private double[] concatenated(Node node, double[][] e) {
    double[] out = new double[n * node.shape().size()];
    int at = 0;
    for (int image = 0; image < n; image++) {
      for (double[] part : e) {
        int size = part.length / n;
        System.arraycopy(part, image * size, out, at, size);
        at += size;
      }
    }
    return out;
  }

  private interface PerChannel {
    public double of(int channel);
  }

  /** s·x + t with t = |beta| + |s·mean|: scale and shift are rounded, then their result. */
  private double[] perChannel(
      Node node, double[] x, double[] e, PerChannel scale, PerChannel beta, PerChannel mean) {
    double[] out = new double[x.length];
    for (int i = 0; i < out.length; i++) {
      int c = i % node.shape().size() / node.shape().plane();
      double s = Math.abs(scale.of(c));
      double size = s * (Math.abs(x[i]) + e[i]) + beta.of(c) + s * mean.of(c);
      out[i] = s * e[i] + gamma(4) * size + 4 * Float.MIN_VALUE;
    }
    return out;
  }

  private static double[] combined(ElementwiseMerge.Op op, double[][] x, double[][] e) {
    double[] out = new double[x[0].length];
    for (int i = 0; i < out.length; i++) {
      double error = e[0][i];
      double size = Math.abs(x[0][i]);
      for (int k = 1; k < x.length; k++) {
        double other = Math.abs(x[k][i]);
        switch (op) {
          case MULTIPLY -> error = error * (other + e[k][i]) + size * e[k][i];
          case MAXIMUM -> error = Math.max(error, e[k][i]);
          default -> error += e[k][i];
        }
        size = op == ElementwiseMerge.Op.MULTIPLY ? size * other : size + other;
      }
      double rounding = gamma(x.length + 1) * (size + error) + x.length * (double) Float.MIN_VALUE;
      error = op == ElementwiseMerge.Op.MAXIMUM ? error : error + rounding;
      out[i] = op == ElementwiseMerge.Op.AVERAGE ? error / x.length + Float.MIN_VALUE : error;
    }
    return out;
  }

  /** None of these is steeper than 1, or than alpha on the negative side. */
  private static double[] activated(Activation f, double[] e, double[] y) {
    DoubleUnaryOperator steepest =
        error -> f.kind() == Activation.Kind.SIGMOID ? error / 4 : error * Math.max(1, f.alpha());
    double[] out = new double[e.length];
    for (int i = 0; i < out.length; i++) {
      double error = steepest.applyAsDouble(e[i]);
      out[i] = error + gamma(2) * (Math.abs(y[i]) + error) + Float.MIN_VALUE;
    }
    return out;
  }

  /**
   * Logits that are off by d change each probability by a factor of at most exp(±2d); x − max is
   * rounded once, exp(x − max) and the quotient once each.
   */
  private double[] softmax(Shape shape, double[] x, double[] e, double[] y) {
    double[] out = new double[x.length];
    int plane = shape.plane();
    for (int i = 0; i < out.length; i++) {
      int first = i / shape.size() * shape.size() + i % plane;
      double largest = 0;
      double reach = 0;
      for (int k = 0; k < shape.channels(); k++) {
        int at = first + k * plane;
        reach = Math.max(reach, Math.abs(x[at]) + e[at]);
        largest = Math.max(largest, e[at]);
      }
      double shift = 2 * (largest + U * 2 * reach);
      out[i] = y[i] * (Math.expm1(shift) + gamma(4) * Math.exp(shift)) + 4 * Float.MIN_VALUE;
    }
    return out;
  }
}
