package cnnlab.training;

/** What early stopping watches. */
public enum WatchedMetric {
  /** Nothing: all epochs are run and the last weights kept. */
  NONE,
  /** The validation loss, which should fall. */
  VALIDATION_LOSS,
  /** The validation accuracy, which should rise. */
  VALIDATION_ACCURACY,
  /** The area under the ROC curve of the validation images, which should rise; two classes. */
  VALIDATION_AUC;

  /** Larger is better. */
  public double score(EpochMetrics m) {
    return switch (this) {
      case NONE -> m.epoch();
      case VALIDATION_LOSS -> -m.validationLoss();
      case VALIDATION_ACCURACY -> m.validationAccuracy();
      case VALIDATION_AUC -> m.validationAuc();
    };
  }
}
