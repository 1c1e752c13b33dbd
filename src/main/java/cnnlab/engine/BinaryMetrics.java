package cnnlab.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * All that is reported of a classifier of two classes; class 1 is the one looked for.
 *
 * @param n number of images
 * @param accuracy share classified rightly
 * @param auc area under the ROC curve, exact; NaN when all images are of one class
 * @param precision see {@link BinaryCounts#precision}
 * @param recall see {@link BinaryCounts#recall}
 * @param f1 see {@link BinaryCounts#f1}
 * @param brier see {@link Calibration#brier}
 * @param calibrationError see {@link Calibration#ofChoices}, with 15 bins
 */
public record BinaryMetrics(
    int n,
    double accuracy,
    double auc,
    double precision,
    double recall,
    double f1,
    double brier,
    double calibrationError) {

  /** Each metric by its name. */
  private static final Map<String, ToDoubleFunction<BinaryPredictions>> METRICS =
      new LinkedHashMap<>();

  static {
    METRICS.put("accuracy", p -> counts(p).accuracy());
    METRICS.put("auc", RocCurve::auc);
    METRICS.put("precision", p -> counts(p).precision());
    METRICS.put("recall", p -> counts(p).recall());
    METRICS.put("f1", p -> counts(p).f1());
    METRICS.put("brier", Calibration::brier);
    METRICS.put("calibrationError", BinaryMetrics::choicesError);
  }

  /**
   * Measures.
   *
   * @param predictions with probabilities for scores
   * @throws IllegalArgumentException when a score is no probability
   */
  public static BinaryMetrics of(BinaryPredictions predictions) {
    BinaryCounts counts = counts(predictions);
    return new BinaryMetrics(
        predictions.count(),
        counts.accuracy(),
        RocCurve.auc(predictions),
        counts.precision(),
        counts.recall(),
        counts.f1(),
        Calibration.brier(predictions),
        choicesError(predictions));
  }

  /**
   * The 95 % {@link Bootstrap} interval of each metric, over images. That of the calibration error
   * lies too high: a sample with repetitions is less smooth than the images it is drawn from.
   *
   * @param predictions with probabilities for scores
   * @param seed all metrics are measured on the same samples
   * @return [low, high] by the name of the component, in their order
   */
  public static Map<String, double[]> intervals95(BinaryPredictions predictions, long seed) {
    Map<String, double[]> intervals = new LinkedHashMap<>();
    METRICS.forEach(
        (name, metric) -> intervals.put(name, Bootstrap.interval95(predictions, seed, metric)));
    return intervals;
  }

  private static BinaryCounts counts(BinaryPredictions predictions) {
    return BinaryCounts.of(predictions, BinaryCounts.EVEN);
  }

  /** The probability of the class that is chosen is that of class 1 or what is left of 1. */
  private static double choicesError(BinaryPredictions predictions) {
    double[] chosen = new double[predictions.count()];
    int[] right = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      double score = predictions.scores()[i];
      boolean one = score > BinaryCounts.EVEN;
      chosen[i] = one ? score : 1 - score;
      right[i] = one == (predictions.labels()[i] == 1) ? 1 : 0;
    }
    return Calibration.ofPositives(new BinaryPredictions(chosen, right), Calibration.BINS).error();
  }
}
