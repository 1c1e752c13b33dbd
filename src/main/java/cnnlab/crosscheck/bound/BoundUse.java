package cnnlab.crosscheck.bound;

import java.util.function.IntToDoubleFunction;

/**
 * How much of their bounds differences use. Of all values, difference and bound are those of the
 * value with the largest share.
 *
 * @param values how many were looked at
 * @param notFinite how many of them, or of their bounds, are NaN or infinite: never within a bound
 * @param difference |a − b| where the share is largest
 * @param bound what is allowed there
 * @param share difference / bound, 0 where nothing differs
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

  /** An engine's values against those in double precision. */
  public static BoundUse of(float[] a, Bounded exact) {
    return of(a.length, i -> a[i] - exact.values()[i], i -> exact.errors()[i]);
  }

  /** Two engines' values: each may be as far from the exact ones as the bound says. */
  public static BoundUse of(float[] a, float[] b, Bounded exact) {
    return of(a.length, i -> (double) a[i] - b[i], i -> 2 * exact.errors()[i]);
  }

  /** Both together. */
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
