package cnnlab.crosscheck;

import cnnlab.crosscheck.bound.BoundUse;

/**
 * One check of a comparison and its outcome.
 *
 * @param name the name of the check
 * @param found the figure found
 * @param bound the largest allowed figure
 * @param share found / bound; 0 if nothing differs, null where a ratio to the bound has no meaning
 * @param nearer the engine that is nearer to double precision; empty where this does not apply
 * @param passed whether the check passed; it never passes with NaN
 * @see #notComparable
 */
public record Check(
    String name, double found, double bound, Double share, String nearer, boolean passed) {

  /** A check of differences that each have a bound. */
  public static Check of(String name, BoundUse use, String nearer) {
    return new Check(name, use.difference(), use.bound(), use.share(), nearer, use.passed());
  }

  /** A failed check of values that cannot be compared, because some are NaN or infinite. */
  static Check notComparable(String name) {
    return new Check(name, Double.NaN, Double.NaN, null, "", false);
  }

  /** Whether there is a figure to compare with the bound. */
  public boolean isComparable() {
    return !Double.isNaN(found);
  }

  /** A check that a figure does not exceed its bound. */
  public static Check atMost(String name, double found, double bound) {
    return new Check(name, found, bound, null, "", found <= bound);
  }
}
