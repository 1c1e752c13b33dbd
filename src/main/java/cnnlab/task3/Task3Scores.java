package cnnlab.task3;

import cnnlab.metric.BinaryCounts;
import cnnlab.metric.BinaryPredictions;
import cnnlab.metric.Calibration;
import cnnlab.metric.ClassMetrics;
import cnnlab.metric.RocCurve;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;

/**
 * The scores of Task 3: accuracy; exact area under the ROC curve; precision, recall and F1 for
 * tumour (class 1); Brier score; expected calibration error with 15 bins; cross-entropy.
 */
final class Task3Scores {
  private static final int CLASSES = 2;

  /** Each score as a function of probabilities [N, 2] and labels [N]; NaN if undefined. */
  static final Map<String, ToDoubleBiFunction<float[], int[]>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("accuracy", (p, labels) -> ClassMetrics.accuracy(p, labels, CLASSES));
    ALL.put("auc", (p, labels) -> RocCurve.auc(BinaryPredictions.of(p, labels)));
    ALL.put("precision", (p, labels) -> counts(p, labels).precision());
    ALL.put("recall", (p, labels) -> counts(p, labels).recall());
    ALL.put("f1", (p, labels) -> counts(p, labels).f1());
    ALL.put("brier", (p, labels) -> Calibration.brier(BinaryPredictions.of(p, labels)));
    ALL.put(
        "ece", (p, labels) -> Calibration.ofTopClass(p, labels, CLASSES, Calibration.BINS).error());
    ALL.put("loss", (p, labels) -> ClassMetrics.crossEntropy(p, labels, CLASSES));
  }

  private Task3Scores() {}

  /**
   * One score.
   *
   * @param name as in {@link #ALL}
   * @param p probabilities [N, 2], N at least 1
   * @param labels true classes [N]
   * @return null if it is undefined, such as the precision when no patch is predicted as tumour
   */
  static Double of(String name, float[] p, int[] labels) {
    double value = ALL.get(name).applyAsDouble(p, labels);
    return Double.isNaN(value) ? null : value;
  }

  /** Whether larger values of a score are better. */
  static boolean largerIsBetter(String name) {
    return !Set.of("brier", "ece", "loss").contains(name);
  }

  /**
   * Every defined score by name, in the order of {@link #ALL}.
   *
   * @param p probabilities [N, 2], N at least 1
   * @param labels true classes [N]
   */
  static Map<String, Double> all(float[] p, int[] labels) {
    Map<String, Double> scores = new LinkedHashMap<>();
    for (String name : ALL.keySet()) {
      Double value = of(name, p, labels);
      if (value != null) {
        scores.put(name, value);
      }
    }
    return scores;
  }

  private static BinaryCounts counts(float[] p, int[] labels) {
    return BinaryCounts.of(BinaryPredictions.of(p, labels), BinaryCounts.EVEN);
  }
}
