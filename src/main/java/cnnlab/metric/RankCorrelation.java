package cnnlab.metric;

import java.util.Arrays;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/** How well two series have the same order; computed by Apache Commons Math. */
public final class RankCorrelation {
  private RankCorrelation() {}

  /**
   * Spearman's rank correlation ρ: Pearson's correlation of the ranks, where equal values share
   * their mean rank.
   *
   * @param first finite values [n]
   * @param second finite values [n], n at least 2
   * @return in [−1, 1]; NaN if all values of a series are equal
   * @throws IllegalArgumentException if the lengths differ, are less than 2, or a value is not
   *     finite
   */
  public static double spearman(double[] first, double[] second) {
    if (first.length != second.length || first.length < 2) {
      throw new IllegalArgumentException(
          "%d and %d values, expected the same number, at least 2"
              .formatted(first.length, second.length));
    }
    for (double[] values : new double[][] {first, second}) {
      Summary.requireFinite(values);
      if (Arrays.stream(values).distinct().count() == 1) {
        return Double.NaN;
      }
    }
    return new SpearmansCorrelation().correlation(first, second);
  }
}
