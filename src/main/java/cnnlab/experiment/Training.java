package cnnlab.experiment;

import java.util.List;

/**
 * A finished training: what is written down of it, and what it says of the images it was evaluated
 * on.
 *
 * @param row its row of {@code runs.csv}
 * @param probabilities class probabilities [N, K]
 */
record Training<R extends Record & Training.Row>(R row, float[] probabilities) {

  /** What every row of {@code runs.csv} has. */
  interface Row {
    /** Name of the variant. */
    String variant();

    /** 1, 2, ... */
    int repetition();

    /** How long the training and its evaluation took. */
    double seconds();
  }

  /**
   * The ensemble of several trainings: the mean of what they say.
   *
   * @return of the shape that each training's probabilities have
   */
  static float[] meanProbabilities(List<? extends Training<?>> trainings) {
    float[] mean = new float[trainings.get(0).probabilities().length];
    for (Training<?> t : trainings) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += t.probabilities()[i] / trainings.size();
      }
    }
    return mean;
  }
}
