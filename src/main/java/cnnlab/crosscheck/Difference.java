package cnnlab.crosscheck;

/**
 * The difference of two tensors that should be equal.
 *
 * @param count number of values compared
 * @param sumAbs Σ |a − b|, the figure that the report gives
 * @param maxAbs max |a − b|
 * @param maxReference max |a|, where a are the library's values
 * @param notFinite number of values in both tensors that are NaN or infinite
 */
public record Difference(
    long count, double sumAbs, double maxAbs, double maxReference, long notFinite) {
  public static final Difference NONE = new Difference(0, 0, 0, 0, 0);

  /**
   * Compares two arrays value by value. A value that is NaN on only one side counts as an infinite
   * difference.
   *
   * @param a the library's values
   * @param b values of the engine from scratch
   * @throws IllegalArgumentException when the lengths differ
   */
  public static Difference between(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "cannot compare %d values with %d".formatted(a.length, b.length));
    }
    double sum = 0;
    double max = 0;
    double reference = 0;
    long notFinite = 0;
    for (int i = 0; i < a.length; i++) {
      double d = Float.compare(a[i], b[i]) == 0 ? 0 : Math.abs((double) a[i] - b[i]);
      d = Double.isNaN(d) ? Double.POSITIVE_INFINITY : d;
      sum += d;
      max = Math.max(max, d);
      reference = Math.max(reference, Math.abs(a[i]));
      notFinite += (Float.isFinite(a[i]) ? 0 : 1) + (Float.isFinite(b[i]) ? 0 : 1);
    }
    return new Difference(a.length, sum, max, reference, notFinite);
  }

  /** The difference over all values of both. */
  public Difference plus(Difference other) {
    return new Difference(
        count + other.count,
        sumAbs + other.sumAbs,
        Math.max(maxAbs, other.maxAbs),
        Math.max(maxReference, other.maxReference),
        notFinite + other.notFinite);
  }

  /** max |a − b| / max |a|; 0 when nothing differs. */
  public double relative() {
    return maxAbs == 0 ? 0 : maxAbs / maxReference;
  }
}
