package cnnlab.scratch.layer;

/**
 * The normal distribution in double precision, for the exact GELU.
 *
 * <p>erf by its Maclaurin series near zero and by the continued fraction of erfc further out
 * (Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6 and 7.1.14); relative error
 * below 1e-13.
 */
final class NormalDistribution {
  private static final double SERIES_LIMIT = 2.5;
  private static final int FRACTION_TERMS = 60;

  private NormalDistribution() {}

  /** Φ(x), the probability of a standard normal value below x. */
  static double cumulative(double x) {
    double z = Math.abs(x) / Math.sqrt(2);
    double upper = z < SERIES_LIMIT ? 0.5 - 0.5 * series(z) : 0.5 * fraction(z);
    return x < 0 ? upper : 1 - upper;
  }

  /** φ(x), the standard normal density. */
  static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** erf(z) = 2/√π · exp(−z²) · Σ 2ⁿ z²ⁿ⁺¹ / (1·3·…·(2n+1)). */
  private static double series(double z) {
    double term = z;
    double sum = z;
    for (int n = 1; term > sum * 1e-17; n++) {
      term *= 2 * z * z / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-z * z) * sum;
  }

  /** erfc(z) = exp(−z²)/√π · 1/(z + (1/2)/(z + 1/(z + (3/2)/(z + …)))). */
  private static double fraction(double z) {
    double tail = z;
    for (int n = FRACTION_TERMS; n >= 1; n--) {
      tail = z + n / 2.0 / tail;
    }
    return Math.exp(-z * z) / Math.sqrt(Math.PI) / tail;
  }
}
