package cnnlab.experiment;

import cnnlab.engine.EpochMetrics;

/**
 * One row of Task 1's {@code history.csv}; components as in {@link EpochMetrics}, but for the area
 * under the ROC curve, which ten classes do not have.
 */
record Task1Epoch(
    int epoch,
    double batchLoss,
    double trainLoss,
    double trainAccuracy,
    double validationLoss,
    double validationAccuracy,
    double imagesPerSecond,
    double seconds) {
  static Task1Epoch of(EpochMetrics m) {
    return new Task1Epoch(
        m.epoch(),
        m.batchLoss(),
        m.trainLoss(),
        m.trainAccuracy(),
        m.validationLoss(),
        m.validationAccuracy(),
        m.imagesPerSecond(),
        m.seconds());
  }
}
