package cnnlab.crosscheck.bound;

/**
 * Values in double precision, with bounds on the errors of single-precision values.
 *
 * @param values [N, …]
 * @param errors a bound on |computed − value| for each value, at least 0; NaN or infinite if there
 *     is none
 */
public record Bounded(double[] values, double[] errors) {

  /** Exact values, such as the inputs of an engine. */
  public static Bounded exact(float[] numbers) {
    double[] values = new double[numbers.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers[i];
    }
    return new Bounded(values, new double[values.length]);
  }
}
