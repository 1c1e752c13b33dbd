package cnnlab.scratch;

/**
 * An element-wise activation function f and its derivative.
 *
 * @param kind which function
 * @param alpha the slope of leaky ReLU or the scale of ELU on the negative side; unused by the
 *     others
 */
public record Activation(Kind kind, float alpha) {

  /** The functions the engine knows. Softmax is a layer of its own: it is not element-wise. */
  public enum Kind {
    /** f(x) = x. */
    LINEAR,
    /** f(x) = max(x, 0). */
    RELU,
    /** f(x) = x for x ≥ 0, alpha·x otherwise. */
    LEAKY_RELU,
    /** f(x) = x for x ≥ 0, alpha·(exp(x) − 1) otherwise (Clevert et al. 2015). */
    ELU,
    /**
     * f(x) = x·Φ(x), with the normal distribution function Φ by erf (Hendrycks and Gimpel 2016).
     */
    GELU,
    /** The tanh approximation of GELU: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))). */
    GELU_TANH,
    /** The logistic approximation of GELU: x·σ(1.702·x). */
    GELU_SIGMOID,
    /** f(x) = 1 / (1 + exp(−x)). */
    SIGMOID,
    /** f(x) = tanh(x). */
    TANH
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

  public static Activation leakyRelu(double alpha) {
    return new Activation(Kind.LEAKY_RELU, (float) alpha);
  }

  public static Activation elu(double alpha) {
    return new Activation(Kind.ELU, (float) alpha);
  }

  /** f(x). */
  public float apply(float x) {
    return switch (kind) {
      case LINEAR -> x;
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU -> x >= 0 ? x : alpha * x;
      case ELU -> x >= 0 ? x : (float) (alpha * Math.expm1(x));
      case GELU -> (float) (x * Erf.normalDistribution(x));
      case GELU_TANH -> (float) (0.5 * x * (1 + Math.tanh(geluInner(x))));
      case GELU_SIGMOID -> (float) (x * logistic(GELU_LOGISTIC * x));
      case SIGMOID -> (float) logistic(x);
      case TANH -> (float) Math.tanh(x);
    };
  }

  /**
   * df/dx at x; at a kink the derivative from the left, as DL4J, Keras and the ReLU literature have
   * it.
   */
  public float derivative(float x) {
    return switch (kind) {
      case LINEAR -> 1;
      case RELU -> x > 0 ? 1 : 0;
      case LEAKY_RELU -> x > 0 ? 1 : alpha;
      case ELU -> x > 0 ? 1 : (float) (alpha * Math.exp(x));
      case GELU -> (float) (Erf.normalDistribution(x) + x * Erf.normalDensity(x));
      case GELU_TANH -> (float) geluTanhDerivative(x);
      case GELU_SIGMOID -> (float) geluSigmoidDerivative(x);
      case SIGMOID -> (float) (logistic(x) * (1 - logistic(x)));
      case TANH -> (float) (1 - Math.tanh(x) * Math.tanh(x));
    };
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
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

  /** The function's usual lower-case name. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }
}
