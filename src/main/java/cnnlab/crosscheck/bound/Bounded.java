package cnnlab.crosscheck.bound;

/**
 * Values in double precision, and how far an engine's single-precision values may be from them.
 *
 * @param values [N, …]
 * @param errors for each value a bound on |computed − value|, 0 or more; NaN or infinite where
 *     there is none
 */
public record Bounded(double[] values, double[] errors) {

  /** Numbers that are exactly what an engine read. */
  public static Bounded exact(float[] numbers) {
    double[] values = new double[numbers.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers[i];
    }
    return new Bounded(values, new double[values.length]);
  }
}
