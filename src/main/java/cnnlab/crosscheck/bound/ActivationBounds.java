package cnnlab.crosscheck.bound;

import static cnnlab.crosscheck.bound.RoundingBounds.TINY;
import static cnnlab.crosscheck.bound.RoundingBounds.U;
import static cnnlab.crosscheck.bound.RoundingBounds.gamma;

import cnnlab.scratch64.layer.Activation;

/**
 * Bounds of element-wise functions.
 *
 * <p>An input error of up to e changes a monotone function by at most its change at the ends of [x
 * − e, x + e], and any other function by at most its Lipschitz constant times e. The function's own
 * rounding errors are added. The engine from scratch computes in double precision and rounds once;
 * the allowance is for a library that evaluates the textbook formula in single precision, with an
 * exp of relative error (8 + 2|x|)·u (4 ulp, and an argument reduced by a rounded ln 2; see {@link
 * SoftmaxBounds}). It also covers hyper-parameters such as 1/6 that one side stores as float.
 */
final class ActivationBounds {
  private static final double SELU_SCALE = 1.0507009873554805;
  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double GELU_LOGISTIC = 1.702;

  /** |f′| ≤ 1.13 for GELU, 1.10 for SiLU and its multiples, 1.09 for Mish. */
  private static final double SMOOTH_LIPSCHITZ = 1.15;

  private static final double HARD_SILU_LIPSCHITZ = 1.5;

  private ActivationBounds() {}

  /** |max(ẑ, 0) − max(z, 0)| for any ẑ in [z − e, z + e]. */
  static double reluError(double z, double e) {
    double y = Math.max(z, 0);
    return Math.max(Math.max(z + e, 0) - y, y - Math.max(z - e, 0));
  }

  /**
   * A bound on the error of f(x).
   *
   * @param x the exact input
   * @param e a bound on the error of the computed input
   */
  static double error(Activation f, double x, double e) {
    if (Double.isNaN(x) || Double.isNaN(e)) {
      return Double.NaN;
    }
    double own = own(f, x, f.apply(x));
    if (e > 0) {
      // Also at the ends, because the position of the computed input is not known.
      own = Math.max(own, Math.max(own(f, x - e, f.apply(x - e)), own(f, x + e, f.apply(x + e))));
    }
    return moved(f, x, e) + own;
  }

  private static double moved(Activation f, double x, double e) {
    return switch (f.kind()) {
      case LINEAR -> e;
      case RELU -> reluError(x, e);
      case LEAKY_RELU -> Math.max(1, Math.abs(f.alpha())) * e;
      case GENERAL_RELU -> generalRelu(f, x, e);
      case ELU -> f.alpha() < 0 ? Math.max(1, -f.alpha()) * e : monotone(f, x, e);
      case GELU, GELU_TANH, GELU_SIGMOID, SILU, MISH -> SMOOTH_LIPSCHITZ * e;
      case HARD_SILU -> HARD_SILU_LIPSCHITZ * e;
      case SELU,
          SIGMOID,
          LOG_SIGMOID,
          HARD_SIGMOID,
          TANH,
          HARD_TANH,
          SOFTPLUS,
          SOFTSIGN,
          EXPONENTIAL ->
          monotone(f, x, e);
    };
  }

  private static double monotone(Activation f, double x, double e) {
    double y = f.apply(x);
    return Math.max(Math.abs(f.apply(x + e) - y), Math.abs(f.apply(x - e) - y));
  }

  /** The function jumps at its threshold, so an input near it may give either value. */
  private static double generalRelu(Activation f, double x, double e) {
    double y = f.apply(x);
    double moved = Math.max(1, Math.abs(f.alpha())) * e;
    if (Math.abs(x - f.threshold()) <= e) {
      moved += Math.abs(Math.min(f.threshold(), f.max()));
    }
    return Double.isNaN(y) ? Double.NaN : moved;
  }

  /** The rounding error of f itself at x, with y = f(x). */
  private static double own(Activation f, double x, double y) {
    double size = Math.abs(y);
    return switch (f.kind()) {
      case LINEAR, RELU, HARD_TANH -> TINY;
      case LEAKY_RELU -> x >= 0 ? TINY : 2 * U * size + TINY;
      case GENERAL_RELU ->
          x > f.threshold()
              ? U * size + TINY
              : gamma(4) * Math.abs(f.alpha()) * (Math.abs(x) + Math.abs(f.threshold())) + TINY;
      case ELU -> x >= 0 ? TINY : Math.abs(f.alpha()) * expMinusOne(x) + 2 * U * size;
      case SELU ->
          x >= 0 ? 4 * U * size + TINY : SELU_SCALE * SELU_ALPHA * expMinusOne(x) + 4 * U * size;
      case SIGMOID -> sigmoid(x);
      case LOG_SIGMOID -> softplus(-x) + 2 * U * size;
      case SOFTPLUS -> softplus(x) + 2 * U * size;
      case HARD_SIGMOID -> clipped(f.alpha() * x) ? 0 : gamma(4) * (Math.abs(f.alpha() * x) + 0.5);
      case HARD_SILU ->
          Math.abs(x) * (clipped(x / 6) ? 0 : gamma(4) * (Math.abs(x) / 6 + 0.5))
              + 2 * U * size
              + TINY;
      case TANH -> tanh(x);
      case SILU -> Math.abs(x) * sigmoid(x) + 2 * U * size + TINY;
      case SOFTSIGN -> 4 * U * size + TINY;
      case MISH -> {
        double s = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
        double t = Math.tanh(s);
        yield Math.abs(x) * (tanh(s) + (1 - t * t) * (softplus(x) + 2 * U * s))
            + 2 * U * size
            + TINY;
      }
      case GELU -> 8 * U * Math.abs(x) + 4 * U * size + TINY;
      case GELU_TANH -> {
        double inner = Math.sqrt(2 / Math.PI) * (Math.abs(x) + 0.044715 * Math.abs(x * x * x));
        double t = Math.tanh(inner);
        yield Math.abs(x) / 2 * (tanh(inner) + (1 - t * t) * 8 * U * inner + 2 * U)
            + 4 * U * size
            + TINY;
      }
      case GELU_SIGMOID -> {
        double z = GELU_LOGISTIC * x;
        double s = 1 / (1 + Math.exp(-z));
        yield Math.abs(x) * (sigmoid(z) + s * (1 - s) * 4 * U * Math.abs(z)) + 2 * U * size + TINY;
      }
      case EXPONENTIAL -> size * exp(x) + TINY;
    };
  }

  private static boolean clipped(double slope) {
    return Math.abs(slope) > 0.51;
  }

  /** The relative error of a single-precision exp(x). */
  private static double exp(double x) {
    return (8 + 2 * Math.abs(x)) * U;
  }

  /** exp(x) − 1 for x below zero, by either formula. */
  private static double expMinusOne(double x) {
    return Math.exp(x) * exp(x) + 4 * U * -Math.expm1(x) + TINY;
  }

  /** 1 / (1 + exp(−x)). */
  private static double sigmoid(double x) {
    double s = 1 / (1 + Math.exp(-x));
    return s * ((1 - s) * exp(x) + 4 * U) + 2 * TINY;
  }

  /** ln(1 + exp(x)), also as x + ln(1 + exp(−x)). */
  private static double softplus(double x) {
    double s = 1 / (1 + Math.exp(-x));
    double y = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    return s * exp(x) + 2 * U + 4 * U * y;
  }

  /** (exp(2x) − 1) / (exp(2x) + 1), as in ND4J: an absolute error of a few u near zero. */
  private static double tanh(double x) {
    double t = Math.tanh(x);
    return (1 - t * t) / 2 * exp(2 * x) + 4 * U * Math.abs(t) + U + TINY;
  }
}
