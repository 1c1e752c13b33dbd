package cnnlab.experiment;

import java.util.List;

/**
 * A training that is over: what is written down of it, and what it says of the images it was
 * evaluated on.
 *
 * @param row its row of {@code runs.csv}
 * @param probabilities class probabilities [N, K]; none of one that diverged
 */
public record FinishedTraining<R extends Record & FinishedTraining.Row>(
    R row, float[] probabilities) {

  /** What every row of {@code runs.csv} has. */
  public interface Row {
    /** The outcome of a training that came to its end. */
    String TRAINED = "trained";

    /** The outcome of one whose numbers became NaN or infinite. */
    String DIVERGED = "diverged";

    /** Name of the variant. */
    String variant();

    /** 1, 2, ... */
    int repetition();

    /** {@link #TRAINED} or {@link #DIVERGED}; null in rows of older versions: trained. */
    default String outcome() {
      return TRAINED;
    }

    /** Where and how it diverged; null when it did not. */
    default String divergence() {
      return null;
    }

    /** Whether it diverged, and so has no scores. */
    default boolean diverged() {
      return DIVERGED.equals(outcome());
    }

    /** How long the training and its evaluation took. */
    double seconds();
  }

  /**
   * The ensemble of several trainings: the mean of what they say.
   *
   * @return of the shape that each training's probabilities have
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
