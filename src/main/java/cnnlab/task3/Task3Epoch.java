package cnnlab.task3;

import cnnlab.training.EpochMetrics;

/**
 * One row of a training's {@code history/VARIANT-REPETITION.csv}.
 *
 * @param data {@code SYNTHETIC} for synthetic patches, else the name of the data set
 * @param epoch 1, 2, ...
 * @param batchLoss mean loss of the epoch's batches, with penalties
 * @param trainLoss cross-entropy after the epoch on a sample of the training patches, without
 *     augmentation
 * @param trainAccuracy accuracy on the same sample
 * @param validationLoss cross-entropy after the epoch on the validation patches
 * @param validationAccuracy accuracy on the validation patches
 * @param validationAuc area under the ROC curve on the validation patches
 * @param imagesPerSecond training patches per second
 * @param seconds duration of the epoch, including evaluation
 */
record Task3Epoch(
    String data,
    int epoch,
    double batchLoss,
    double trainLoss,
    double trainAccuracy,
    double validationLoss,
    double validationAccuracy,
    Double validationAuc,
    double imagesPerSecond,
    double seconds) {
  static Task3Epoch of(String data, EpochMetrics m) {
    return new Task3Epoch(
        data,
        m.epoch(),
        m.batchLoss(),
        m.trainLoss(),
        m.trainAccuracy(),
        m.validationLoss(),
        m.validationAccuracy(),
        m.validationAuc(),
        m.imagesPerSecond(),
        m.seconds());
  }
}
