package cnnlab.crosscheck.bound;

import cnnlab.scratch64.Network;
import cnnlab.scratch64.kernel.ReferenceKernels;
import cnnlab.scratch64.layer.Activate;
import cnnlab.scratch64.layer.AvgPool2d;
import cnnlab.scratch64.layer.BatchNorm;
import cnnlab.scratch64.layer.BilinearResize2d;
import cnnlab.scratch64.layer.Concatenate;
import cnnlab.scratch64.layer.Conv2d;
import cnnlab.scratch64.layer.Dense;
import cnnlab.scratch64.layer.DepthwiseConv2d;
import cnnlab.scratch64.layer.Dropout;
import cnnlab.scratch64.layer.ElementwiseMerge;
import cnnlab.scratch64.layer.Flatten;
import cnnlab.scratch64.layer.FlattenChannelsLast;
import cnnlab.scratch64.layer.GaussianDropout;
import cnnlab.scratch64.layer.GaussianNoise;
import cnnlab.scratch64.layer.GlobalAvgPool2d;
import cnnlab.scratch64.layer.GlobalMaxPool2d;
import cnnlab.scratch64.layer.GroupConv2d;
import cnnlab.scratch64.layer.GroupNorm;
import cnnlab.scratch64.layer.Layer;
import cnnlab.scratch64.layer.LogSoftmax;
import cnnlab.scratch64.layer.MatrixProduct;
import cnnlab.scratch64.layer.MaxPool2d;
import cnnlab.scratch64.layer.Node;
import cnnlab.scratch64.layer.PRelu;
import cnnlab.scratch64.layer.Rearrangement;
import cnnlab.scratch64.layer.Resample2d;
import cnnlab.scratch64.layer.ScaleShift;
import cnnlab.scratch64.layer.Shape;
import cnnlab.scratch64.layer.Softmax;
import cnnlab.scratch64.layer.SpatialDropout;
import cnnlab.scratch64.layer.TransposedConv2d;
import cnnlab.scratch64.layer.ZeroPad2d;
import java.util.Arrays;
import java.util.List;

/**
 * Bounds on the rounding error of a layer in single precision: running error bounds.
 *
 * <p>With the unit roundoff u = 2⁻²⁴ and γₙ = n·u / (1 − n·u), a sum of n products s = Σ w·x,
 * computed in any order, with or without fused multiply-add, satisfies
 *
 * <pre>
 *   |computed − s| ≤ γₙ Σ |w||x|
 * </pre>
 *
 * (Higham, <i>Accuracy and Stability of Numerical Algorithms</i>, 2nd ed., SIAM 2002, section 3.1
 * and lemma 3.1). Since no order is assumed, the bound holds for every library that multiplies each
 * weight by its input and adds, but not for transformed algorithms such as Winograd's. Products
 * with zero are exact, so n is the number of nonzero inputs of an image, plus one for a bias.
 *
 * <p>If the input has an error of at most e, the output has an error of at most (section 3.3,
 * running error analysis):
 *
 * <table>
 *   <caption>Bounds by layer; ε stands for the error of the output</caption>
 *   <tr><td>convolution, also transposed; dense</td><td>ε = Σ |w|·(e + γₙ(|x| + e)) + γₙ|b|</td></tr>
 *   <tr><td>ReLU, max pooling, maximum</td><td>change at the ends of [x − e, x + e]</td></tr>
 *   <tr><td>mean of k values</td><td>ε = mean of (e + γₖ₊₁(|x| + e))</td></tr>
 *   <tr><td>linear interpolation</td><td>ε = that of (e + γ₁₂(|x| + e))</td></tr>
 *   <tr><td>weighted sum of k rows and columns</td><td>ε = that of (e + γₖ₊₈(|x| + e)) with |factors|</td></tr>
 *   <tr><td>batch normalisation, s = gamma/√(var + eps)</td>
 *       <td>ε = |s|·e + γ₂₀|s|(|x| + e + |mean|) + γ₄|beta|</td></tr>
 *   <tr><td>sum, product of k tensors</td><td>Σe + γₖ Σ(|x| + e); Π(|x| + e)(1 + γₖ) − Π|x|</td></tr>
 *   <tr><td>product of matrices a [M, K], b [K, P]</td>
 *       <td>Σ (|a| + eₐ)(|b| + eᵦ)(1 + γₖ) − |a||b|</td></tr>
 *   <tr><td>group and layer normalisation</td><td>see {@link NormalizationBounds}</td></tr>
 *   <tr><td>element-wise functions, softmax</td><td>see {@link ActivationBounds}, {@link
 *       SoftmaxBounds}</td></tr>
 *   <tr><td>flatten, padding, cropping, repetition, concatenation, dropout</td><td>errors move with the values</td></tr>
 * </table>
 *
 * <p>Batch normalisation may be computed as s·x + (beta − s·mean). The 20 rounding errors are: 9 in
 * s (DL4J keeps log₁₀ of the deviation: 4u for 10ˣ, doubled and halved again by square and root,
 * one each for square, eps, sum, root, division, gamma), 4 in the sum and the products, and a
 * margin.
 *
 * <p>Each operation may also lose 2⁻¹²⁶ if its result is flushed to zero. Values are computed in
 * double precision. Its own error is covered by multiplying each bound by 1 + 2⁻²⁰.
 *
 * <p>In networks of a hundred layers the bounds would overflow. They are limited to |y| + 3.4e38,
 * since computed values are finite, which is checked separately; such a bound is meaningless but
 * remains a number. A value that is NaN or infinite has no bound; see {@link BoundUse}.
 */
public final class RoundingBounds {
  /** The unit roundoff of single precision. */
  static final double U = 0x1p-24;

  /** The smallest normal number, the largest loss by flushing a result to zero. */
  static final double TINY = 0x1p-126;

  private static final double RESERVE = 1 + 0x1p-20;
  private static final int NORM_ROUNDINGS = 20;
  private static final int FEW = 4;

  /** Two for a factor, or one for each of its halves and of two steps; a product; three sums. */
  private static final int RESIZE_ROUNDINGS = 12;

  /** Two for each of two factors, their product, that with a value, and a sum in two steps. */
  private static final int RESAMPLE_ROUNDINGS = 8;

  private final Node node;
  private final List<Shape> inputs;
  private final double[] parameters;
  private final Network layer;
  private final Network magnitudes;
  private final int terms;

  private RoundingBounds(Node node, List<Shape> inputs, double[] parameters, Weighted weighted) {
    this.node = node;
    this.inputs = inputs;
    this.parameters = parameters;
    boolean single = inputs.size() == 1;
    this.layer = single ? alone(inputs.get(0), weighted.linear, parameters) : null;
    double[] absolute = Arrays.stream(parameters).limit(weighted.weights).map(Math::abs).toArray();
    this.magnitudes =
        weighted.magnitudes == null ? null : alone(inputs.get(0), weighted.magnitudes, absolute);
    this.terms = weighted.terms;
  }

  /**
   * A layer split into the parts that are bounded separately.
   *
   * @param linear the layer without its ReLU
   * @param magnitudes the same without bias, for |W|; null if there are no weights
   * @param weights number of its weights
   * @param terms number of products in a value
   */
  private record Weighted(Layer linear, Layer magnitudes, int weights, int terms) {
    public static Weighted of(Layer layer) {
      if (layer instanceof Conv2d c) {
        return of(
            new Conv2d(c.inChannels(), c.outChannels(), c.window(), c.bias(), false),
            new Conv2d(c.inChannels(), c.outChannels(), c.window(), false, false),
            c.inChannels() * c.window().kernelHeight() * c.window().kernelWidth());
      } else if (layer instanceof DepthwiseConv2d d) {
        return of(
            new DepthwiseConv2d(d.channels(), d.multiplier(), d.window(), d.bias(), false),
            new DepthwiseConv2d(d.channels(), d.multiplier(), d.window(), false, false),
            d.window().kernelHeight() * d.window().kernelWidth());
      } else if (layer instanceof TransposedConv2d t) {
        return of(
            t,
            new TransposedConv2d(t.inChannels(), t.outChannels(), t.window(), false),
            t.inChannels() * t.window().kernelHeight() * t.window().kernelWidth());
      } else if (layer instanceof GroupConv2d g) {
        return of(
            new GroupConv2d(
                g.inChannels(), g.outChannels(), g.side(), g.lifting(), g.bias(), false),
            new GroupConv2d(g.inChannels(), g.outChannels(), g.side(), g.lifting(), false, false),
            g.products());
      } else if (layer instanceof Dense d) {
        return of(
            new Dense(d.in(), d.out(), d.bias(), false),
            new Dense(d.in(), d.out(), false, false),
            d.in());
      }
      return new Weighted(layer, null, 0, 0);
    }

    private static Weighted of(Layer linear, Layer magnitudes, int terms) {
      return new Weighted(linear, magnitudes, magnitudes.parameterCount(), terms);
    }
  }

  private static Network alone(Shape input, Layer layer, double[] parameters) {
    return Network.builder(input).add("layer", layer).build(parameters, new ReferenceKernels());
  }

  /**
   * Creates the bounds of one layer of a network.
   *
   * @param network in double precision
   * @param node one of its nodes
   */
  public static RoundingBounds of(Network network, Node node) {
    List<Shape> shapes =
        node.inputs().stream()
            .map(k -> k < 0 ? network.inputShape() : network.nodes().get(k).shape())
            .toList();
    int from = node.parameterOffset();
    double[] own =
        Arrays.copyOfRange(network.parameters(), from, from + node.layer().parameterCount());
    return new RoundingBounds(node, shapes, own, Weighted.of(node.layer()));
  }

  /** γₙ = n·u / (1 − n·u); infinite if n·u is 1 or more. */
  public static double gamma(long n) {
    double nu = n * U;
    return nu < 1 ? nu / (1 - nu) : Double.POSITIVE_INFINITY;
  }

  /**
   * The layer's values in double precision, and their bounds.
   *
   * @param in its inputs, each [n, …]
   * @param n number of images
   */
  public Bounded apply(List<Bounded> in, int n) {
    Bounded out = inputs.size() == 1 ? single(in.get(0), n) : several(in, n);
    double[] errors = out.errors();
    for (int i = 0; i < errors.length; i++) {
      double most = Math.abs(out.values()[i]) + Float.MAX_VALUE;
      errors[i] = errors[i] < most ? errors[i] * RESERVE : most;
    }
    return out;
  }

  private Bounded several(List<Bounded> in, int n) {
    if (node.layer() instanceof ElementwiseMerge combine) {
      return CombinationBounds.combine(combine.op(), in);
    } else if (node.layer() instanceof Concatenate) {
      return CombinationBounds.concatenate(in, n);
    } else if (node.layer() instanceof MatrixProduct) {
      return CombinationBounds.product(inputs, in, n);
    }
    throw unknown();
  }

  private Bounded single(Bounded in, int n) {
    Layer kind = node.layer();
    if (magnitudes != null) {
      return weighted(in, n);
    }
    double[] x = in.values();
    double[] e = in.errors();
    if (kind instanceof Concatenate) {
      return new Bounded(x.clone(), e.clone());
    }
    double[] y = layer.predict(x, n);
    if (kind instanceof MaxPool2d || kind instanceof GlobalMaxPool2d) {
      double[] high = layer.predict(sum(x, e, 1), n);
      double[] low = layer.predict(sum(x, e, -1), n);
      return new Bounded(y, errors(y.length, i -> Math.max(high[i] - y[i], y[i] - low[i])));
    } else if (kind instanceof AvgPool2d pool) {
      return new Bounded(
          y, mean(x, e, pool.window().kernelHeight() * pool.window().kernelWidth(), n));
    } else if (kind instanceof GlobalAvgPool2d) {
      return new Bounded(y, mean(x, e, inputs.get(0).plane(), n));
    } else if (kind instanceof BilinearResize2d) {
      double g = gamma(RESIZE_ROUNDINGS);
      double[] disturbed = errors(x.length, i -> e[i] + g * (Math.abs(x[i]) + e[i]));
      double[] moved = layer.predict(disturbed, n);
      return new Bounded(y, errors(y.length, i -> moved[i] + RESIZE_ROUNDINGS * TINY));
    } else if (kind instanceof Resample2d sums) {
      double g = gamma(sums.terms() + RESAMPLE_ROUNDINGS);
      double[] disturbed = errors(x.length, i -> e[i] + g * (Math.abs(x[i]) + e[i]));
      double[] moved = alone(inputs.get(0), sums.magnitudes(), parameters).predict(disturbed, n);
      return new Bounded(
          y, errors(y.length, i -> moved[i] + (sums.terms() + RESAMPLE_ROUNDINGS) * TINY));
    } else if (kind instanceof BatchNorm norm) {
      return new Bounded(y, errors(y.length, i -> norm(norm, x[i], e[i], channel(i))));
    } else if (kind instanceof GroupNorm norm) {
      return NormalizationBounds.of(norm, parameters, inputs.get(0), in, y);
    } else if (kind instanceof ScaleShift affine) {
      return new Bounded(y, errors(y.length, i -> affine(affine, x[i], e[i], channel(i))));
    } else if (kind instanceof PRelu prelu) {
      return new Bounded(y, errors(y.length, i -> prelu(prelu, x[i], e[i], i)));
    } else if (kind instanceof Activate activate) {
      return new Bounded(
          y, errors(y.length, i -> ActivationBounds.error(activate.activation(), x[i], e[i])));
    } else if (kind instanceof Softmax) {
      return new Bounded(y, SoftmaxBounds.softmax(x, y, e, inputs.get(0), n));
    } else if (kind instanceof LogSoftmax) {
      return new Bounded(y, SoftmaxBounds.logSoftmax(x, y, e, inputs.get(0), n));
    } else if (moves(kind)) {
      return new Bounded(y, layer.predict(e, n));
    }
    throw unknown();
  }

  /** Whether a layer computes nothing at inference. */
  private static boolean moves(Layer layer) {
    return layer instanceof Rearrangement
        || layer instanceof Flatten
        || layer instanceof FlattenChannelsLast
        || layer instanceof ZeroPad2d
        || layer instanceof Dropout
        || layer instanceof SpatialDropout
        || layer instanceof GaussianDropout
        || layer instanceof GaussianNoise;
  }

  private IllegalStateException unknown() {
    return new IllegalStateException(
        "layer '%s': no rounding bound for %s".formatted(node.name(), node.layer().kind()));
  }

  private Bounded weighted(Bounded in, int n) {
    double[] z = layer.predict(in.values(), n);
    boolean bias = parameters.length > magnitudes.parameters().length;
    int size = inputs.get(0).size();
    double[] disturbed = new double[in.values().length];
    double[] gammas = new double[n];
    for (int image = 0; image < n; image++) {
      int nonZero = 0;
      for (int i = image * size; i < (image + 1) * size; i++) {
        nonZero += in.values()[i] != 0 || in.errors()[i] != 0 ? 1 : 0;
      }
      double g = gamma(Math.min(terms, nonZero) + (bias ? 1 : 0));
      gammas[image] = g;
      for (int i = image * size; i < (image + 1) * size; i++) {
        double e = in.errors()[i];
        disturbed[i] = e + g * (Math.abs(in.values()[i]) + e);
      }
    }
    double[] errors = magnitudes.predict(disturbed, n);
    int outputs = node.shape().size();
    int firstBias = magnitudes.parameters().length;
    for (int i = 0; i < errors.length; i++) {
      int o = i % outputs / node.shape().plane();
      double b = bias ? Math.abs(parameters[firstBias + o]) : 0;
      errors[i] += gammas[i / outputs] * b + (terms + 1) * TINY;
    }
    return hasRelu(node.layer()) ? relu(z, errors) : new Bounded(z, errors);
  }

  private static boolean hasRelu(Layer layer) {
    return layer instanceof Conv2d c && c.relu()
        || layer instanceof DepthwiseConv2d d && d.relu()
        || layer instanceof GroupConv2d g && g.relu()
        || layer instanceof Dense e && e.relu();
  }

  private static Bounded relu(double[] z, double[] e) {
    double[] y = new double[z.length];
    for (int i = 0; i < z.length; i++) {
      y[i] = Math.max(z[i], 0);
      e[i] = ActivationBounds.reluError(z[i], e[i]);
    }
    return new Bounded(y, e);
  }

  private double[] mean(double[] x, double[] e, int count, int n) {
    double g = gamma(count + 1L);
    double[] disturbed = errors(x.length, i -> e[i] + g * (Math.abs(x[i]) + e[i]));
    double[] out = layer.predict(disturbed, n);
    return errors(out.length, i -> out[i] + (count + 1) * TINY);
  }

  private int channel(int i) {
    return i % node.shape().size() / node.shape().plane();
  }

  private double norm(BatchNorm norm, double x, double e, int c) {
    int channels = norm.channels();
    double beta = Math.abs(parameters[channels + c]);
    double mean = Math.abs(parameters[2 * channels + c]);
    double scale = Math.abs(parameters[c]) / Math.sqrt(parameters[3 * channels + c] + norm.eps());
    return scale * e
        + gamma(NORM_ROUNDINGS) * scale * (Math.abs(x) + e + mean)
        + gamma(FEW) * beta
        + FEW * TINY;
  }

  private static double affine(ScaleShift affine, double x, double e, int c) {
    double a = Math.abs(affine.scale()[c % affine.scale().length]);
    double b = Math.abs(affine.offset()[c % affine.offset().length]);
    return a * e + gamma(FEW) * (a * (Math.abs(x) + e) + b) + FEW * TINY;
  }

  private double prelu(PRelu prelu, double x, double e, int i) {
    Shape in = node.shape();
    Shape s = prelu.slopes();
    int at = i % in.size();
    int c = s.channels() == 1 ? 0 : at / in.plane();
    int row = s.height() == 1 ? 0 : at % in.plane() / in.width();
    int column = s.width() == 1 ? 0 : at % in.width();
    double a = Math.abs(parameters[(c * s.height() + row) * s.width() + column]);
    return Math.max(x - e >= 0 ? 0 : a, x + e > 0 ? 1 : 0) * e
        + gamma(2) * a * Math.max(e - x, 0)
        + FEW * TINY;
  }

  private static double[] sum(double[] x, double[] e, int sign) {
    return errors(x.length, i -> x[i] + sign * e[i]);
  }

  private static double[] errors(int n, java.util.function.IntToDoubleFunction f) {
    double[] out = new double[n];
    Arrays.setAll(out, f);
    return out;
  }
}
