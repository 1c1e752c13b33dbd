package cnnlab.experiment;

import cnnlab.training.EpochMetrics;

/**
 * One row of {@code history.csv} of Tasks 1 and 2. The components are those of {@link EpochMetrics}
 * without the area under the ROC curve, which is not defined for ten classes. NaN where an epoch
 * was not evaluated.
 */
public record DigitsEpoch(
    int epoch,
    double batchLoss,
    double trainLoss,
    double trainAccuracy,
    double validationLoss,
    double validationAccuracy,
    double imagesPerSecond,
    double seconds) {
  public static DigitsEpoch of(EpochMetrics m) {
    return new DigitsEpoch(
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
