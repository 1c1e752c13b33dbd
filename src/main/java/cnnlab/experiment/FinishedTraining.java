package cnnlab.experiment;

import java.util.List;

/**
 * A finished training: its row and its predicted probabilities.
 *
 * @param row its row of {@code runs.csv}
 * @param probabilities class probabilities of the evaluated images [N, K]; empty when it diverged
 */
public record FinishedTraining<R extends Record & FinishedTraining.Row>(
    R row, float[] probabilities) {

  /** The columns that every {@code runs.csv} has. */
  public interface Row {
    /** The outcome of a training that completed. */
    String TRAINED = "trained";

    /** The outcome of a training whose numbers became NaN or infinite. */
    String DIVERGED = "diverged";

    /** Name of the variant. */
    String variant();

    /** 1, 2, ... */
    int repetition();

    /**
     * {@link #TRAINED} or {@link #DIVERGED}; null in rows of older versions, which means trained.
     */
    default String outcome() {
      return TRAINED;
    }

    /** Where and how it diverged; null when it did not. */
    default String divergence() {
      return null;
    }

    /** Whether the training diverged and therefore has no scores. */
    default boolean diverged() {
      return DIVERGED.equals(outcome());
    }

    /** Duration of the training and its evaluation. */
    double seconds();
  }

  /**
   * The prediction of an ensemble: the mean of the probabilities of several trainings.
   *
   * @return an array of the same shape as each training's probabilities
   */
  public static float[] meanProbabilities(List<? extends FinishedTraining<?>> trainings) {
    float[] mean = new float[trainings.get(0).probabilities().length];
    for (FinishedTraining<?> t : trainings) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += t.probabilities()[i] / trainings.size();
      }
    }
    return mean;
  }
}
