package cnnlab.metric;

import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.inference.TTest;

/**
 * Differences a − b of two configurations that were trained on the same draws (random choices of
 * training images). The t-test is that of Apache Commons Statistics.
 *
 * @param n number of pairs, at least 1
 * @param meanDifference mean of a − b
 * @param sd sample standard deviation of the differences; NaN if n = 1
 * @param ci95 95 % t interval [low, high] of the mean difference; both NaN if n &lt; 3
 * @param pTTest two-sided p of the paired t-test, in 0..1; NaN if n = 1; 0 if all differences are
 *     equal and not 0; 1 if all are 0
 * @param pWilcoxon two-sided p of Wilcoxon's signed-rank test, in 0..1; 1 if all differences are 0.
 *     Differences of 0 are left out. It is exact for up to 20 others with ties, or 50 without ties;
 *     otherwise it is the normal approximation; see {@link SignedRanks}
 * @param verdict on the claim that a is greater than b
 */
public record PairedComparison(
    int n,
    double meanDifference,
    double sd,
    double[] ci95,
    double pTTest,
    double pWilcoxon,
    Verdict verdict) {
  /** Differences smaller than this share of the largest value are rounding errors. */
  private static final double ROUNDING = 1e-12;

  /** Compares values that can be any real number. */
  public static PairedComparison of(double[] a, double[] b) {
    return of(a, b, Scale.REAL);
  }

  /**
   * Compares two configurations draw by draw. Differences that are equal up to rounding (1e-12 of
   * the largest value) count as equal.
   *
   * @param a values of the first configuration [n], n at least 1
   * @param b values of the second configuration on the same draws [n]
   * @param scale the possible values of a and b
   * @throws IllegalArgumentException if the lengths differ, there are no values or one is not
   *     finite
   */
  public static PairedComparison of(double[] a, double[] b, Scale scale) {
    Summary.requireFinite(a);
    Summary.requireFinite(b);
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "%d and %d values are not pairs on the same draws".formatted(a.length, b.length));
    }
    int n = a.length;
    double[] differences = differences(a, b);
    double mean = Mean.of(differences).getAsDouble();
    boolean allSame = Arrays.stream(differences).allMatch(d -> d == differences[0]);
    if (allSame) {
      mean = differences[0];
    }
    double sd = allSame && n > 1 ? 0 : Math.sqrt(Summary.sampleVariance(differences));
    double[] interval = Intervals.ofMean(mean, sd, n, scale.ofDifferences());
    boolean allZero = allSame && mean == 0;
    double pWilcoxon = allZero ? 1 : SignedRanks.pValue(differences);
    return new PairedComparison(
        n,
        mean,
        sd,
        interval,
        pTTest(differences, sd, mean),
        pWilcoxon,
        Verdict.ofDifference(interval[0], interval[1]));
  }

  /**
   * a − b, rounded to multiples of {@link #ROUNDING} times the largest value, so that ties and
   * zeros are exact.
   */
  private static double[] differences(double[] a, double[] b) {
    double unit = 0;
    for (int i = 0; i < a.length; i++) {
      unit = Math.max(unit, ROUNDING * Math.max(Math.abs(a[i]), Math.abs(b[i])));
    }
    double[] differences = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      double d = a[i] - b[i];
      // Adding 0 turns −0 into 0.
      differences[i] = unit == 0 ? d + 0.0 : Math.rint(d / unit) * unit + 0.0;
    }
    return differences;
  }

  private static double pTTest(double[] differences, double sd, double mean) {
    if (differences.length == 1) {
      return Double.NaN;
    }
    if (sd == 0) {
      return mean == 0 ? 1 : 0;
    }
    return TTest.withDefaults().test(differences).getPValue();
  }
}
