package cnnlab.scratch.layer;

/**
 * An element-wise activation function f and its derivative.
 *
 * @param kind which function
 * @param alpha the slope of a ReLU or the scale of ELU on the negative side, or the slope of the
 *     hard sigmoid; unused by the others
 * @param threshold where the general ReLU becomes linear; unused by the others
 * @param max the largest value of the general ReLU; unused by the others
 */
public record Activation(Kind kind, float alpha, float threshold, float max) {

  /** The functions that the engine has. Softmax is not element-wise and therefore a layer. */
  public enum Kind {
    /** f(x) = x. */
    LINEAR,
    /** f(x) = max(x, 0). */
    RELU,
    /** f(x) = x for x ≥ 0, alpha·x otherwise. */
    LEAKY_RELU,
    /**
     * Keras' general ReLU: f(x) = min(x, max) for x > threshold, alpha·(x − threshold) otherwise.
     */
    GENERAL_RELU,
    /** f(x) = x for x ≥ 0, alpha·(exp(x) − 1) otherwise (Clevert et al. 2015). */
    ELU,
    /** ELU with alpha 1.6733 times 1.0507 (Klambauer et al. 2017). */
    SELU,
    /**
     * f(x) = x·Φ(x), with the normal distribution function Φ by erf (Hendrycks and Gimpel 2016).
     */
    GELU,
    /** The tanh approximation of GELU: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))). */
    GELU_TANH,
    /** The logistic approximation of GELU: x·σ(1.702·x). */
    GELU_SIGMOID,
    /** f(x) = σ(x) = 1 / (1 + exp(−x)). */
    SIGMOID,
    /** f(x) = log σ(x). */
    LOG_SIGMOID,
    /**
     * f(x) = alpha·x + 1/2, clipped to [0, 1]; alpha is 1/6 in Keras 3, 0.2 in Keras 2 and DL4J.
     */
    HARD_SIGMOID,
    /** f(x) = tanh(x). */
    TANH,
    /** f(x) = x, clipped to [−1, 1]. */
    HARD_TANH,
    /** SiLU or swish: f(x) = x·σ(x) (Ramachandran et al. 2017). */
    SILU,
    /** f(x) = x·(x/6 + 1/2, clipped to [0, 1]) (Howard et al. 2019). */
    HARD_SILU,
    /** f(x) = log(1 + exp(x)). */
    SOFTPLUS,
    /** f(x) = x / (1 + |x|). */
    SOFTSIGN,
    /** f(x) = x·tanh(log(1 + exp(x))) (Misra 2019). */
    MISH,
    /** f(x) = exp(x). */
    EXPONENTIAL
  }

  public static final Activation LINEAR = new Activation(Kind.LINEAR, 0);
  public static final Activation RELU = new Activation(Kind.RELU, 0);
  public static final Activation GELU = new Activation(Kind.GELU, 0);
  public static final Activation GELU_TANH = new Activation(Kind.GELU_TANH, 0);
  public static final Activation GELU_SIGMOID = new Activation(Kind.GELU_SIGMOID, 0);
  public static final Activation SIGMOID = new Activation(Kind.SIGMOID, 0);
  public static final Activation TANH = new Activation(Kind.TANH, 0);

  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double GELU_CUBIC = 0.044715;
  private static final double GELU_LOGISTIC = 1.702;
  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double SELU_SCALE = 1.0507009873554805;

  /** A function without threshold and maximum. */
  public Activation(Kind kind, float alpha) {
    this(kind, alpha, 0, Float.POSITIVE_INFINITY);
  }

  public static Activation leakyRelu(double alpha) {
    return new Activation(Kind.LEAKY_RELU, (float) alpha);
  }

  public static Activation elu(double alpha) {
    return new Activation(Kind.ELU, (float) alpha);
  }

  /**
   * Keras' ReLU with all its arguments.
   *
   * @param max infinite for no limit
   */
  public static Activation relu(double max, double negativeSlope, double threshold) {
    return new Activation(Kind.GENERAL_RELU, (float) negativeSlope, (float) threshold, (float) max);
  }

  /** f(x). */
  public float apply(float x) {
    return switch (kind) {
      case LINEAR -> x;
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU -> x >= 0 ? x : alpha * x;
      case GENERAL_RELU -> x > threshold ? Math.min(x, max) : alpha * (x - threshold);
      case ELU -> x >= 0 ? x : (float) (alpha * Math.expm1(x));
      case SELU -> (float) (SELU_SCALE * (x >= 0 ? x : SELU_ALPHA * Math.expm1(x)));
      case GELU -> (float) (x * NormalDistribution.cumulative(x));
      case GELU_TANH -> (float) (0.5 * x * (1 + Math.tanh(geluInner(x))));
      case GELU_SIGMOID -> (float) (x * logistic(GELU_LOGISTIC * x));
      case SIGMOID -> (float) logistic(x);
      case LOG_SIGMOID -> (float) -softplus(-x);
      case HARD_SIGMOID -> (float) clip(alpha * x + 0.5, 0, 1);
      case TANH -> (float) Math.tanh(x);
      case HARD_TANH -> (float) clip(x, -1, 1);
      case SILU -> (float) (x * logistic(x));
      case HARD_SILU -> (float) (x * clip(x / 6.0 + 0.5, 0, 1));
      case SOFTPLUS -> (float) softplus(x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case MISH -> (float) (x * Math.tanh(softplus(x)));
      case EXPONENTIAL -> (float) Math.exp(x);
    };
  }

  /**
   * df/dx at x; at a kink the derivative from the left, as in DL4J, Keras and the literature on
   * ReLU.
   */
  public float derivative(float x) {
    return switch (kind) {
      case LINEAR -> 1;
      case RELU -> x > 0 ? 1 : 0;
      case LEAKY_RELU -> x > 0 ? 1 : alpha;
      case GENERAL_RELU -> x <= threshold ? alpha : x <= max ? 1 : 0;
      case ELU -> x > 0 ? 1 : (float) (alpha * Math.exp(x));
      case SELU -> (float) (SELU_SCALE * (x > 0 ? 1 : SELU_ALPHA * Math.exp(x)));
      case GELU -> (float) (NormalDistribution.cumulative(x) + x * NormalDistribution.density(x));
      case GELU_TANH -> (float) geluTanhDerivative(x);
      case GELU_SIGMOID -> (float) geluSigmoidDerivative(x);
      case SIGMOID -> (float) (logistic(x) * (1 - logistic(x)));
      case LOG_SIGMOID -> (float) logistic(-x);
      case HARD_SIGMOID -> inside(alpha * x, 0.5) ? alpha : 0;
      case TANH -> (float) (1 - Math.tanh(x) * Math.tanh(x));
      case HARD_TANH -> inside(x, 1) ? 1 : 0;
      case SILU -> (float) (logistic(x) * (1 + x * (1 - logistic(x))));
      case HARD_SILU -> (float) (inside(x, 3) ? x / 3.0 + 0.5 : clip(x, 0, 1));
      case SOFTPLUS -> (float) logistic(x);
      case SOFTSIGN -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
      case MISH -> (float) mishDerivative(x);
      case EXPONENTIAL -> (float) Math.exp(x);
    };
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** log(1 + exp(x)) without overflow. */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double clip(double x, double low, double high) {
    return Math.min(Math.max(x, low), high);
  }

  private static boolean inside(double x, double limit) {
    return x > -limit && x <= limit;
  }

  private static double geluInner(double x) {
    return SQRT_2_OVER_PI * (x + GELU_CUBIC * x * x * x);
  }

  private static double geluTanhDerivative(double x) {
    double t = Math.tanh(geluInner(x));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * SQRT_2_OVER_PI * (1 + 3 * GELU_CUBIC * x * x);
  }

  private static double geluSigmoidDerivative(double x) {
    double s = logistic(GELU_LOGISTIC * x);
    return s + x * GELU_LOGISTIC * s * (1 - s);
  }

  private static double mishDerivative(double x) {
    double t = Math.tanh(softplus(x));
    return t + x * (1 - t * t) * logistic(x);
  }

  /** The function's usual lower-case name. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }
}
