package cnnlab.metric;

import cnnlab.text.Numbers;
import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.descriptive.Variance;
import org.apache.commons.statistics.inference.TTest;

/**
 * What is said about repeated runs: mean, spread, intervals, and paired comparisons. The
 * distributions and tests are those of Apache Commons Statistics.
 */
public final class Statistics {
  /** Stands where an interval would, of fewer runs than it needs. */
  public static final String TOO_FEW = "n too small";

  private static final int RESAMPLES = 10_000;

  /** Differences closer than this, as a share of the largest value, are rounding errors. */
  private static final double ROUNDING = 1e-12;

  private Statistics() {}

  /**
   * Runs of one configuration. The unit is that of the values. Arrays are not to be changed.
   *
   * @param n number of runs, at least 1
   * @param values every run, in the order given [n]
   * @param mean arithmetic mean
   * @param populationVariance sum of squared deviations by n, as the report has it; 0 when n = 1
   * @param variance sum of squared deviations by n − 1; NaN when n = 1
   * @param sd square root of {@code variance}; NaN when n = 1
   * @param ci95 95 % interval of the mean on the scale of the values, see {@link Intervals} [low,
   *     high]; both NaN when n &lt; 3
   * @param bootstrap95 95 % percentile bootstrap interval of the mean from 10,000 resamples [low,
   *     high]; both NaN when n &lt; 3. Too narrow for few runs: with five, prefer {@code ci95}
   * @param median middle value, or the mean of the two middle ones
   * @param min smallest value
   * @param max largest value
   */
  public record Summary(
      int n,
      double[] values,
      double mean,
      double populationVariance,
      double variance,
      double sd,
      double[] ci95,
      double[] bootstrap95,
      double median,
      double min,
      double max) {

    /** Summarises values that can be any number. */
    public static Summary of(double[] values, long seed) {
      return of(values, seed, Scale.REAL);
    }

    /**
     * Summarises runs. One run has no spread: {@code variance} and {@code sd} are NaN then; both
     * intervals are NaN below three.
     *
     * @param values [n], n at least 1
     * @param seed of the bootstrap; the same seed and values give the same interval
     * @param scale which values are possible; the interval holds no others
     * @throws IllegalArgumentException when there are no values or one is not finite
     */
    public static Summary of(double[] values, long seed, Scale scale) {
      check(values);
      double mean = Mean.of(values).getAsDouble();
      double variance = sampleVariance(values);
      return new Summary(
          values.length,
          values.clone(),
          mean,
          Variance.of(values).setBiased(true).getAsDouble(),
          variance,
          Math.sqrt(variance),
          Intervals.ofMean(mean, Math.sqrt(variance), values.length, scale),
          bootstrap(values, seed),
          Median.withDefaults().withCopy(true).evaluate(values),
          Arrays.stream(values).min().orElseThrow(),
          Arrays.stream(values).max().orElseThrow());
    }
  }

  /**
   * Differences a − b of two configurations on the same draws.
   *
   * @param n number of pairs, at least 1
   * @param meanDifference mean of a − b
   * @param sd sample standard deviation of the differences; NaN when n = 1
   * @param ci95 95 % t-interval of the mean difference [low, high]; both NaN when n &lt; 3
   * @param pTTest two-sided p of the paired t-test, 0..1; NaN when n = 1; 0 when all differences
   *     are the same and not 0; 1 when all are 0
   * @param pWilcoxon two-sided p of Wilcoxon's signed-rank test, 0..1; 1 when all differences are
   *     0. Differences of 0 are left out; exact, also with ties, for up to 20 others (without ties
   *     up to 50), otherwise the normal approximation; see {@link SignedRanks}
   * @param verdict on the claim that a is greater than b
   */
  public record Paired(
      int n,
      double meanDifference,
      double sd,
      double[] ci95,
      double pTTest,
      double pWilcoxon,
      Verdict verdict) {}

  /** Compares values that can be any number. */
  public static Paired paired(double[] a, double[] b) {
    return paired(a, b, Scale.REAL);
  }

  /**
   * Compares two configurations draw by draw. Differences that are the same but for rounding (1e-12
   * of the largest value) count as the same.
   *
   * @param a values of the one [n], n at least 1
   * @param b values of the other on the same draws [n]
   * @param scale which values are possible, of a and b
   * @throws IllegalArgumentException when the lengths differ, there are no values or one is not
   *     finite
   */
  public static Paired paired(double[] a, double[] b, Scale scale) {
    check(a);
    check(b);
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
    double sd = allSame && n > 1 ? 0 : Math.sqrt(sampleVariance(differences));
    double[] interval = Intervals.ofMean(mean, sd, n, scale.ofDifferences());
    boolean allZero = allSame && mean == 0;
    double pWilcoxon = allZero ? 1 : SignedRanks.pValue(differences);
    return new Paired(
        n,
        mean,
        sd,
        interval,
        pTTest(differences, sd, mean),
        pWilcoxon,
        Verdict.ofDifference(interval[0], interval[1]));
  }

  /**
   * The run to show as typical: that with the median value; of an even number, the lower of the two
   * in the middle; of equal values, the first.
   *
   * @param values [n], n at least 1
   * @return its index, 0..n-1
   * @throws IllegalArgumentException when there are no values or one is not finite
   */
  public static int medianRun(double[] values) {
    check(values);
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double median = sorted[(values.length - 1) / 2];
    int run = 0;
    while (values[run] != median) {
      run++;
    }
    return run;
  }

  /** An interval [low, high] in a sentence; {@code n too small} when there is none. */
  public static String interval(double[] interval, int decimals) {
    return Double.isNaN(interval[0])
        ? TOO_FEW
        : "%s to %s"
            .formatted(Numbers.fixed(interval[0], decimals), Numbers.fixed(interval[1], decimals));
  }

  /**
   * A standard deviation in a table.
   *
   * @param sd NaN of one run, which has none: nothing is shown
   */
  public static String spread(double sd, int decimals) {
    return Double.isNaN(sd) ? "" : Numbers.fixed(sd, decimals);
  }

  /** a − b in whole multiples of {@link #ROUNDING}, so that ties and zeros are seen as such. */
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

  private static double sampleVariance(double[] values) {
    return values.length == 1 ? Double.NaN : Variance.of(values).getAsDouble();
  }

  private static double[] bootstrap(double[] values, long seed) {
    int n = values.length;
    if (n < Intervals.LEAST_RUNS) {
      return new double[] {Double.NaN, Double.NaN};
    }
    return Bootstrap.interval95(
        n,
        RESAMPLES,
        seed,
        sample ->
            Mean.of(Arrays.stream(sample).mapToDouble(i -> values[i]).toArray()).getAsDouble());
  }

  private static void check(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values: statistics need at least one run");
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "run %d has the value %s, expected a finite number".formatted(i, values[i]));
      }
    }
  }
}
