package cnnlab.metric;

import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.descriptive.Variance;

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
  private static final int RESAMPLES = 10_000;

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
   * The run to show as typical: that with the median value; of an even number, the lower of the two
   * in the middle; of equal values, the first.
   *
   * @param values [n], n at least 1
   * @return its index, 0..n-1
   * @throws IllegalArgumentException when there are no values or one is not finite
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
   * @throws IllegalArgumentException when there are no values or one is not finite
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
