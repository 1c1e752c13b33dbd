package cnnlab.task3;

import cnnlab.experiment.FinishedTraining;

/**
 * One row of Task 3's {@code runs.csv}. Scores are of the validation patches; see {@link
 * Task3Scores}. A score that does not exist, such as the precision of a network that finds no
 * tumour, is null.
 *
 * @param data SYNTHETIC where the patches are no tissue, else the name of the data set
 * @param variant name of the variant
 * @param repetition 1, 2, ...
 * @param seed from which this repetition's streams are derived; the same for all variants
 * @param parameters how many the network has
 * @param epochs how many were trained; of a training that diverged, those before
 * @param keptEpoch the one whose weights were kept; this and all scores are null when the training
 *     diverged
 * @param trainAccuracy of that epoch, on a sample of the training patches
 * @param loss cross-entropy
 * @param accuracy in [0, 1]
 * @param auc area under the ROC curve
 * @param precision of tumour
 * @param recall of tumour
 * @param f1 of tumour
 * @param brier Brier score
 * @param ece expected calibration error
 * @param symmetriesAccuracy accuracy of the mean over the eight symmetries; null when not asked for
 * @param symmetriesAuc its area under the ROC curve
 * @param adaptedAccuracy accuracy with batch normalisation's averages measured anew; null when not
 *     asked for
 * @param adaptedAuc its area under the ROC curve
 * @param testAccuracy accuracy on the test patches; null when their labels are not known
 * @param testAuc area under the ROC curve there
 * @param outcome trained or diverged
 * @param divergence where and how it diverged; null when it did not
 * @param imagesPerSecond patches trained on per second, mean over the epochs; null when it diverged
 * @param waitingShare share of the training time spent waiting for augmented patches; null when it
 *     diverged
 * @param seconds of the training and the evaluation, those before an interruption included
 */
record Task3Row(
    String data,
    String variant,
    int repetition,
    long seed,
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
   * Of a training that diverged: it has no scores.
   *
   * @param epochs trained before
   * @param divergence where and how
   */
  static Task3Row diverged(
      String data,
      String variant,
      int repetition,
      long seed,
      int parameters,
      int epochs,
      String divergence,
      double seconds) {
    return new Task3Row(
        data,
        variant,
        repetition,
        seed,
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
