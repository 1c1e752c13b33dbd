package cnnlab.experiment;

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
 * @param epochs how many were trained
 * @param keptEpoch the one whose weights were kept
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
 * @param imagesPerSecond patches trained on per second, mean over the epochs
 * @param waitingShare share of the training time spent waiting for augmented patches
 * @param seconds of the training and the evaluation, those before an interruption included
 */
record Task3Row(
    String data,
    String variant,
    int repetition,
    long seed,
    int parameters,
    int epochs,
    int keptEpoch,
    double trainAccuracy,
    double loss,
    double accuracy,
    Double auc,
    Double precision,
    Double recall,
    Double f1,
    double brier,
    double ece,
    Double symmetriesAccuracy,
    Double symmetriesAuc,
    Double adaptedAccuracy,
    Double adaptedAuc,
    Double testAccuracy,
    Double testAuc,
    double imagesPerSecond,
    double waitingShare,
    double seconds)
    implements Training.Row {}
