package cnnlab.metric;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.descriptive.Quantile;

/**
 * The percentile bootstrap (Efron and Tibshirani 1993, "An introduction to the bootstrap", chapter
 * 13): how much a metric would vary with other images of the same kind. Each sample consists of N
 * images drawn with replacement, and the metric is computed for each sample. It says nothing about
 * the variation between training runs.
 */
public final class Bootstrap {
  /** A number of samples that gives the ends of 95 % intervals to about two digits. */
  public static final int RESAMPLES = 2_000;

  private static final double LOWER = 0.025;
  private static final double UPPER = 0.975;

  private Bootstrap() {}

  /**
   * The 95 % interval of a metric.
   *
   * @param images N, at least 1
   * @param resamples number of samples, at least 1
   * @param seed the same seed gives the same interval, and the same samples for every metric
   * @param metric the metric of a sample, given as indices [N] in 0..N-1 with repetitions; it must
   *     not modify or keep the array. Samples for which it is NaN, such as those without class 1,
   *     are left out
   * @return [low, high]; both NaN if the metric is NaN for every sample
   */
  public static double[] interval95(
      int images, int resamples, long seed, ToDoubleFunction<int[]> metric) {
    if (images < 1 || resamples < 1) {
      throw new IllegalArgumentException(
          "%d samples of %d images requested, expected at least 1 of each"
              .formatted(resamples, images));
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[resamples];
    int[] sample = new int[images];
    for (int r = 0; r < resamples; r++) {
      Arrays.setAll(sample, i -> random.nextInt(images));
      values[r] = metric.applyAsDouble(sample);
    }
    double[] numbers = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
    if (numbers.length == 0) {
      return new double[] {Double.NaN, Double.NaN};
    }
    return Quantile.withDefaults().evaluate(numbers, LOWER, UPPER);
  }

  /**
   * As {@link #interval95(int, int, long, ToDoubleFunction)}, for a metric of a binary classifier,
   * with {@link #RESAMPLES} samples.
   */
  public static double[] interval95(
      BinaryPredictions predictions, long seed, ToDoubleFunction<BinaryPredictions> metric) {
    return interval95(
        predictions.count(),
        RESAMPLES,
        seed,
        sample -> metric.applyAsDouble(predictions.resample(sample)));
  }
}
