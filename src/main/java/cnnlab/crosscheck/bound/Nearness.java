package cnnlab.crosscheck.bound;

/**
 * The distances of both engines from the result in double precision.
 *
 * @param library Σ |a − exact|, a computed by DL4J
 * @param scratch Σ |b − exact|, b computed from scratch
 */
public record Nearness(double library, double scratch) {
  public static final Nearness NONE = new Nearness(0, 0);

  public static Nearness of(float[] a, float[] b, double[] exact) {
    double library = 0;
    double scratch = 0;
    for (int i = 0; i < exact.length; i++) {
      library += Math.abs(a[i] - exact[i]);
      scratch += Math.abs(b[i] - exact[i]);
    }
    return new Nearness(library, scratch);
  }

  public Nearness plus(Nearness other) {
    return new Nearness(library + other.library, scratch + other.scratch);
  }

  /** {@code DL4J}, {@code from scratch}, {@code equal}, or empty if undefined. */
  public String nearer() {
    if (!Double.isFinite(library) || !Double.isFinite(scratch)) {
      return "";
    }
    int order = Double.compare(library, scratch);
    return order == 0 ? "equal" : order < 0 ? "DL4J" : "from scratch";
  }
}
