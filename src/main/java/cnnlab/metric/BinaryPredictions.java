package cnnlab.metric;

import java.util.Arrays;

/**
 * Scores of a binary classifier for some images, with the true labels. The arrays must not be
 * modified.
 *
 * @param scores scores of class 1 [N], larger if more certain: probabilities, or any other ordering
 *     numbers
 * @param labels true classes [N], 0 or 1
 */
public record BinaryPredictions(double[] scores, int[] labels) {
  private static final int CLASSES = 2;

  /**
   * @throws IllegalArgumentException if there are no images, the arrays differ in length, a score
   *     is NaN, or a label is neither 0 nor 1
   */
  public BinaryPredictions {
    if (labels.length == 0 || scores.length != labels.length) {
      throw new IllegalArgumentException(
          "%d scores and %d labels found; expected the same number of each, and at least one"
              .formatted(scores.length, labels.length));
    }
    for (int i = 0; i < labels.length; i++) {
      if (Double.isNaN(scores[i]) || labels[i] != 0 && labels[i] != 1) {
        throw new IllegalArgumentException(
            "image %d has the score %s and the label %d, expected a number and 0 or 1"
                .formatted(i, scores[i], labels[i]));
      }
    }
  }

  /**
   * Creates predictions from the output of an engine.
   *
   * @param probabilities [N, 2]
   * @param labels [N], 0 or 1
   * @throws IllegalArgumentException if the probabilities are not those of two classes, and as the
   *     constructor
   */
  public static BinaryPredictions of(float[] probabilities, int[] labels) {
    if (probabilities.length != CLASSES * (long) labels.length) {
      throw new IllegalArgumentException(
          "%d probabilities are not %d images of 2 classes"
              .formatted(probabilities.length, labels.length));
    }
    double[] scores = new double[labels.length];
    Arrays.setAll(scores, i -> probabilities[CLASSES * i + 1]);
    return new BinaryPredictions(scores, labels);
  }

  /** N, the number of images. */
  public int count() {
    return labels.length;
  }

  /** The number of images of class 1. */
  public int positives() {
    return Arrays.stream(labels).sum();
  }

  /**
   * The predictions for the given images, in the given order; an index may occur several times, as
   * in a bootstrap sample.
   *
   * @param indices of the images, at least one
   */
  public BinaryPredictions resample(int[] indices) {
    double[] someScores = new double[indices.length];
    int[] someLabels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      someScores[i] = scores[indices[i]];
      someLabels[i] = labels[indices[i]];
    }
    return new BinaryPredictions(someScores, someLabels);
  }

  /** Checks that the scores are probabilities. */
  void requireProbabilities(String what) {
    for (int i = 0; i < scores.length; i++) {
      if (!(scores[i] >= 0 && scores[i] <= 1)) {
        throw new IllegalArgumentException(
            "%s: image %d has the score %s, expected a probability in 0..1"
                .formatted(what, i, scores[i]));
      }
    }
  }
}
