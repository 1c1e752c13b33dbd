package cnnlab.metric;

import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.descriptive.Variance;

/**
 * Summary statistics of the runs of one configuration, in the unit of the values; computed by
 * Apache Commons Statistics. The arrays must not be modified.
 *
 * @param n number of runs, at least 1
 * @param values the value of every run [n], in the given order
 * @param mean arithmetic mean
 * @param populationVariance sum of squared deviations divided by n, as in the lab report; 0 if n =
 *     1
 * @param variance sum of squared deviations divided by n − 1; NaN if n = 1
 * @param sd square root of {@code variance}; NaN if n = 1
 * @param ci95 95 % interval [low, high] of the mean, see {@link Intervals}; both NaN if n &lt; 3
 * @param bootstrap95 95 % percentile bootstrap interval [low, high] of the mean from 10,000
 *     resamples; both NaN if n &lt; 3. It is too narrow for few runs: for five runs, prefer {@code
 *     ci95}
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
  private static final int RESAMPLES = 10_000;

  /** Summarises values that can be any real number. */
  public static Summary of(double[] values, long seed) {
    return of(values, seed, Scale.REAL);
  }

  /**
   * Summarises runs. For one run {@code variance} and {@code sd} are NaN; for fewer than three runs
   * both intervals are NaN.
   *
   * @param values [n], n at least 1
   * @param seed of the bootstrap; the same seed and values give the same interval
   * @param scale the possible values; the interval contains no others
   * @throws IllegalArgumentException if there are no values or one is not finite
   */
  public static Summary of(double[] values, long seed, Scale scale) {
    requireFinite(values);
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

  /**
   * The run with the median value, to be shown as a typical one: for an even number of runs, the
   * lower of the two middle values; on a tie, the first.
   *
   * @param values [n], n at least 1
   * @return its index, 0..n-1
   * @throws IllegalArgumentException if there are no values or one is not finite
   */
  public static int medianRun(double[] values) {
    requireFinite(values);
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double median = sorted[(values.length - 1) / 2];
    int run = 0;
    while (values[run] != median) {
      run++;
    }
    return run;
  }

  /** Variance with divisor n − 1; NaN for one value. */
  static double sampleVariance(double[] values) {
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

  /**
   * @throws IllegalArgumentException if there are no values or one is not finite
   */
  static void requireFinite(double[] values) {
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
