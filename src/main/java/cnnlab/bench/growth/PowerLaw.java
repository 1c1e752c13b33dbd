package cnnlab.bench.growth;

import java.util.stream.IntStream;

/**
 * y ≈ c·xᵉ, by least squares on logarithms.
 *
 * @param exponent e
 * @param factor c
 */
public record PowerLaw(double exponent, double factor) {

  /**
   * Fits a line to log y against log x.
   *
   * @param x positive, at least two different values
   * @param y positive, as many
   * @throws IllegalArgumentException when the lengths differ or x does not vary
   */
  public static PowerLaw fit(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "%s x values and %s y values".formatted(x.length, y.length));
    }
    double[] u = IntStream.range(0, x.length).mapToDouble(i -> Math.log(x[i])).toArray();
    double[] v = IntStream.range(0, y.length).mapToDouble(i -> Math.log(y[i])).toArray();
    double meanU = IntStream.range(0, u.length).mapToDouble(i -> u[i]).average().orElse(0);
    double meanV = IntStream.range(0, v.length).mapToDouble(i -> v[i]).average().orElse(0);
    double products = 0;
    double squares = 0;
    for (int i = 0; i < u.length; i++) {
      products += (u[i] - meanU) * (v[i] - meanV);
      squares += (u[i] - meanU) * (u[i] - meanU);
    }
    if (squares == 0) {
      throw new IllegalArgumentException("a power law needs two different x values");
    }
    double exponent = products / squares;
    return new PowerLaw(exponent, Math.exp(meanV - exponent * meanU));
  }
}
