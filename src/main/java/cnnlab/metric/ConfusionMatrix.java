package cnnlab.metric;

/** The confusion matrix of predicted probabilities and true labels. */
public final class ConfusionMatrix {
  private ConfusionMatrix() {}

  /**
   * The confusion matrix: {@code counts[t][p]} images of class t are predicted to be class p. The
   * prediction is the most probable class, the first on a tie, as in {@link ClassMetrics#accuracy}.
   *
   * @param probabilities [N, K]
   * @param labels true classes [N] in 0..K-1; N may be 0
   * @param classes K, at least 1
   * @return counts [K, K], rows true, columns predicted; they add up to N
   * @throws IllegalArgumentException if the lengths of the arrays do not match or a label is out of
   *     range
   */
  public static int[][] confusion(float[] probabilities, int[] labels, int classes) {
    if (classes < 1 || probabilities.length != (long) labels.length * classes) {
      throw new IllegalArgumentException(
          "%d probabilities are not %d images of %d classes"
              .formatted(probabilities.length, labels.length, classes));
    }
    int[][] counts = new int[classes][classes];
    for (int n = 0; n < labels.length; n++) {
      if (labels[n] < 0 || labels[n] >= classes) {
        throw new IllegalArgumentException(
            "label %d of image %d is not in 0..%d".formatted(labels[n], n, classes - 1));
      }
      counts[labels[n]][ClassMetrics.argmax(probabilities, n * classes, classes)]++;
    }
    return counts;
  }
}
