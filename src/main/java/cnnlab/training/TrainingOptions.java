package cnnlab.training;

import cnnlab.store.CheckpointFile;

/**
 * The length of a training, its evaluations, and its checkpoint.
 *
 * @param epochs passes over the training images, at least 0
 * @param evaluateEvery epochs from one evaluation to the next, at least 1; the last epoch is always
 *     evaluated
 * @param watch the metric that early stopping watches; the weights of the best epoch are restored
 *     at the end
 * @param patience epochs without a better value after which training stops; 0 never stops
 * @param checkpoint a file that is written after every evaluated epoch and resumed from if it
 *     exists, or null
 */
public record TrainingOptions(
    int epochs, int evaluateEvery, WatchedMetric watch, int patience, CheckpointFile checkpoint) {

  /**
   * @throws IllegalArgumentException when a number is out of range
   */
  public TrainingOptions {
    if (epochs < 0 || evaluateEvery < 1 || patience < 0) {
      throw new IllegalArgumentException(
          "epochs %d, evaluateEvery %d, patience %d found; at least 0, 1, 0 expected"
              .formatted(epochs, evaluateEvery, patience));
    }
  }

  /**
   * Trains and evaluates all epochs and keeps the last weights.
   *
   * @param checkpoint the checkpoint file, or null for none
   */
  public static TrainingOptions withDefaults(int epochs, CheckpointFile checkpoint) {
    return new TrainingOptions(epochs, 1, WatchedMetric.NONE, 0, checkpoint);
  }
}
