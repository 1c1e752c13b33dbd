package cnnlab.metric;

/** Categorical cross-entropy and accuracy of predicted class probabilities. */
public final class ClassMetrics {
  /** The lower limit of probabilities before the logarithm; it is Keras's epsilon. */
  public static final double CLIP = 1e-7;

  private ClassMetrics() {}

  /**
   * The mean cross-entropy −1/N · Σ log p[n, label of n], in nats and in double precision.
   *
   * @param probabilities [N, K] in [0, 1]
   * @param labels [N] in 0..K-1
   * @param classes K
   * @throws IllegalArgumentException if the lengths of the arrays do not match or a label is out of
   *     range
   */
  public static double crossEntropy(float[] probabilities, int[] labels, int classes) {
    check(probabilities, labels, classes);
    double sum = 0;
    for (int n = 0; n < labels.length; n++) {
      sum -= Math.log(Math.max(probabilities[n * classes + labels[n]], CLIP));
    }
    return sum / labels.length;
  }

  /**
   * The share of images whose most probable class is their label.
   *
   * @return in [0, 1]; NaN without images
   * @throws IllegalArgumentException if the lengths of the arrays do not match or a label is out of
   *     range
   */
  public static double accuracy(float[] probabilities, int[] labels, int classes) {
    check(probabilities, labels, classes);
    int right = 0;
    for (int n = 0; n < labels.length; n++) {
      right += argmax(probabilities, n * classes, classes) == labels[n] ? 1 : 0;
    }
    return (double) right / labels.length;
  }

  /**
   * The index, in 0..classes-1, of the largest of the {@code classes} values that start at {@code
   * begin}; the first on a tie.
   */
  public static int argmax(float[] values, int begin, int classes) {
    int best = 0;
    for (int k = 1; k < classes; k++) {
      if (values[begin + k] > values[begin + best]) {
        best = k;
      }
    }
    return best;
  }

  private static void check(float[] probabilities, int[] labels, int classes) {
    if (probabilities.length != labels.length * classes) {
      throw new IllegalArgumentException(
          "%d probabilities are not %d images of %d classes"
              .formatted(probabilities.length, labels.length, classes));
    }
    for (int n = 0; n < labels.length; n++) {
      if (labels[n] < 0 || labels[n] >= classes) {
        throw new IllegalArgumentException(
            "label %d of image %d is not in 0..%d".formatted(labels[n], n, classes - 1));
      }
    }
  }
}
