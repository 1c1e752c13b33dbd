package cnnlab.crosscheck;

import cnnlab.crosscheck.bound.BoundUse;

/**
 * One demand and whether it is met.
 *
 * @param name what is compared
 * @param found the figure
 * @param bound the largest that is allowed
 * @param share found / bound; 0 when nothing was found, null where the bound is no measure
 * @param nearer which engine is nearer to double precision; empty where that is not asked
 * @param passed whether the demand is met; NaN never is
 * @see #notComparable
 */
public record Check(
    String name, double found, double bound, Double share, String nearer, boolean passed) {

  /** Differences that each have a bound. */
  public static Check of(String name, BoundUse use, String nearer) {
    return new Check(name, use.difference(), use.bound(), use.share(), nearer, use.passed());
  }

  /** Of values some of which are NaN or infinite: nothing can be said, so it is not met. */
  static Check notComparable(String name) {
    return new Check(name, Double.NaN, Double.NaN, null, "", false);
  }

  /** Whether there is a figure to judge. */
  public boolean isComparable() {
    return !Double.isNaN(found);
  }

  /** A figure that must not be above its bound. */
  public static Check atMost(String name, double found, double bound) {
    return new Check(name, found, bound, null, "", found <= bound);
  }
}
