package cnnlab.metric;

/** Categorical cross-entropy and accuracy of class probabilities. */
public final class ClassMetrics {
  /**
   * Probabilities are kept at least this large before the logarithm, as Keras does with its
   * epsilon.
   */
  public static final double CLIP = 1e-7;

  private ClassMetrics() {}

  /**
   * −1/N · Σ log p[n, label of n], in double precision.
   *
   * @param probabilities [N, K] in [0, 1]
   * @param labels [N] in 0..K-1
   * @param classes K
   * @throws IllegalArgumentException when the arrays do not fit each other or a label is out of
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
   * The share of images whose largest probability is at their label.
   *
   * @return in [0, 1]; NaN for no images
   * @throws IllegalArgumentException when the arrays do not fit each other or a label is out of
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
   * The class with the largest of {@code classes} values from {@code begin} on; the first of equal
   * ones.
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
