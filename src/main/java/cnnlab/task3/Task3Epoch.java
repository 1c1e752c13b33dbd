package cnnlab.task3;

import cnnlab.training.EpochMetrics;

/**
 * One row of a training's {@code history/VARIANT-REPETITION.csv}.
 *
 * @param data SYNTHETIC where the patches are no tissue, else the name of the data set
 * @param epoch 1, 2, ...
 * @param batchLoss mean loss of the epoch's batches, with penalties
 * @param trainLoss cross-entropy after the epoch on a sample of the training patches, not augmented
 * @param trainAccuracy on the same
 * @param validationLoss cross-entropy on the validation patches
 * @param validationAccuracy on the same
 * @param validationAuc on the same
 * @param imagesPerSecond patches trained on per second
 * @param seconds of the epoch, with evaluation
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
