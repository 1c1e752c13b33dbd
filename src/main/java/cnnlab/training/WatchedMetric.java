package cnnlab.training;

/** The metric that early stopping watches. */
public enum WatchedMetric {
  /** None: all epochs are run and the last weights are kept. */
  NONE,
  /** The validation loss, which should fall. */
  VALIDATION_LOSS,
  /** The validation accuracy, which should rise. */
  VALIDATION_ACCURACY,
  /** The area under the ROC curve on validation images, which should rise; needs two classes. */
  VALIDATION_AUC;

  /** The metric of an epoch as a number of which larger is better. */
  public double score(EpochMetrics m) {
    return switch (this) {
      case NONE -> m.epoch();
      case VALIDATION_LOSS -> -m.validationLoss();
      case VALIDATION_ACCURACY -> m.validationAccuracy();
      case VALIDATION_AUC -> m.validationAuc();
    };
  }
}
