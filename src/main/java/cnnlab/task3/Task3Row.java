package cnnlab.task3;

import cnnlab.experiment.FinishedTraining;

/**
 * One row of Task 3's {@code runs.csv}. Scores are on the validation patches; see {@link
 * Task3Scores}. An undefined score is null, such as the precision of a network that never predicts
 * tumour.
 *
 * @param data {@code SYNTHETIC} for synthetic patches, else the name of the data set
 * @param variant name of the variant
 * @param repetition 1, 2, ...
 * @param seed the seed from which this repetition's streams are derived; the same for all variants
 * @param leftOut the group of training patches that it was not trained but validated on; null if it
 *     was validated on the validation file
 * @param parameters number of parameters of the network
 * @param epochs number of trained epochs; for a diverged training, those before it diverged
 * @param keptEpoch the epoch whose weights were kept; null, like all scores, when the training
 *     diverged
 * @param trainAccuracy accuracy of that epoch on a sample of the training patches
 * @param loss cross-entropy
 * @param accuracy accuracy, in [0, 1]
 * @param auc area under the ROC curve
 * @param precision precision for tumour
 * @param recall recall for tumour
 * @param f1 F1 score for tumour
 * @param brier Brier score
 * @param ece expected calibration error
 * @param symmetriesAccuracy accuracy of the mean over the eight symmetries; null if not requested
 * @param symmetriesAuc its area under the ROC curve
 * @param adaptedAccuracy accuracy with batch normalisation's averages measured again; null if not
 *     requested
 * @param adaptedAuc its area under the ROC curve
 * @param testAccuracy accuracy on the test patches; null when their labels are unknown
 * @param testAuc area under the ROC curve on the test patches
 * @param outcome trained or diverged
 * @param divergence where and how it diverged; null when it did not
 * @param imagesPerSecond training patches per second, mean over the epochs; null when it diverged
 * @param waitingShare share of the training time spent waiting for augmented patches, in [0, 1];
 *     null when it diverged
 * @param seconds duration of training and evaluation, and of the teachers' trainings if there are
 *     any, including the time before an interruption
 */
record Task3Row(
    String data,
    String variant,
    int repetition,
    long seed,
    Integer leftOut,
    int parameters,
    int epochs,
    Integer keptEpoch,
    Double trainAccuracy,
    Double loss,
    Double accuracy,
    Double auc,
    Double precision,
    Double recall,
    Double f1,
    Double brier,
    Double ece,
    Double symmetriesAccuracy,
    Double symmetriesAuc,
    Double adaptedAccuracy,
    Double adaptedAuc,
    Double testAccuracy,
    Double testAuc,
    String outcome,
    String divergence,
    Double imagesPerSecond,
    Double waitingShare,
    double seconds)
    implements FinishedTraining.Row {

  /**
   * The row of a diverged training, which has no scores.
   *
   * @param leftOut as in the record
   * @param epochs completed epochs
   * @param divergence where and how
   */
  static Task3Row diverged(
      String data,
      String variant,
      int repetition,
      long seed,
      Integer leftOut,
      int parameters,
      int epochs,
      String divergence,
      double seconds) {
    return new Task3Row(
        data,
        variant,
        repetition,
        seed,
        leftOut,
        parameters,
        epochs,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        DIVERGED,
        divergence,
        null,
        null,
        seconds);
  }
}
