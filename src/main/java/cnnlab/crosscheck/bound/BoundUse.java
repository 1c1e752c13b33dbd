package cnnlab.crosscheck.bound;

import java.util.function.IntToDoubleFunction;

/**
 * Differences in relation to their bounds. {@code difference} and {@code bound} are those of the
 * value with the largest share.
 *
 * @param values number of values checked
 * @param notFinite number of values that are NaN or infinite, or whose bound is; they never pass
 * @param difference |a − b| at the largest share
 * @param bound its bound
 * @param share difference / bound, 0 if nothing differs
 * @param boundSum the sum of all bounds
 */
public record BoundUse(
    long values, long notFinite, double difference, double bound, double share, double boundSum) {
  public static final BoundUse NONE = new BoundUse(0, 0, 0, 0, 0, 0);

  /**
   * One figure and its bound.
   *
   * @param difference 0 or more
   */
  public static BoundUse of(double difference, double bound) {
    return of(1, i -> difference, i -> bound);
  }

  public static BoundUse of(int n, IntToDoubleFunction difference, IntToDoubleFunction bound) {
    long notFinite = 0;
    int worst = -1;
    double most = -1;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double d = Math.abs(difference.applyAsDouble(i));
      double b = bound.applyAsDouble(i);
      if (!Double.isFinite(d) || !Double.isFinite(b)) {
        notFinite++;
        continue;
      }
      sum += b;
      double share = d == 0 ? 0 : d / b;
      if (share > most || share == most && d > Math.abs(difference.applyAsDouble(worst))) {
        most = share;
        worst = i;
      }
    }
    return worst < 0
        ? new BoundUse(n, notFinite, 0, 0, 0, sum)
        : new BoundUse(
            n,
            notFinite,
            Math.abs(difference.applyAsDouble(worst)),
            bound.applyAsDouble(worst),
            most,
            sum);
  }

  /** An engine's values compared with double precision. */
  public static BoundUse of(float[] a, Bounded exact) {
    return of(a.length, i -> a[i] - exact.values()[i], i -> exact.errors()[i]);
  }

  /** The values of two engines, each of which may differ from the exact values by the bound. */
  public static BoundUse of(float[] a, float[] b, Bounded exact) {
    return of(a.length, i -> (double) a[i] - b[i], i -> 2 * exact.errors()[i]);
  }

  /** The two combined. */
  public BoundUse plus(BoundUse other) {
    BoundUse worse = other.share > share ? other : this;
    return new BoundUse(
        values + other.values,
        notFinite + other.notFinite,
        worse.difference,
        worse.bound,
        worse.share,
        boundSum + other.boundSum);
  }

  /** Whether every value is finite and within its bound. */
  public boolean passed() {
    return notFinite == 0 && share <= 1;
  }
}
