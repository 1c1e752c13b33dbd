package cnnlab.metric;

/**
 * The confusion matrix of a binary classifier; class 1 is the positive class.
 *
 * @param truePositives images of class 1 predicted to be class 1
 * @param falsePositives images of class 0 predicted to be class 1
 * @param trueNegatives images of class 0 predicted to be class 0
 * @param falseNegatives images of class 1 predicted to be class 0
 */
public record BinaryCounts(
    int truePositives, int falsePositives, int trueNegatives, int falseNegatives) {

  /** The threshold above which class 1 is the more probable class. */
  public static final double EVEN = 0.5;

  /**
   * Counts right and wrong predictions.
   *
   * @param threshold an image is predicted to be class 1 if its score is above the threshold; with
   *     {@link #EVEN} the prediction is the more probable class, and class 0 on a tie, as in {@link
   *     ConfusionMatrix#confusion}
   */
  public static BinaryCounts of(BinaryPredictions predictions, double threshold) {
    int[] counts = new int[4];
    for (int i = 0; i < predictions.count(); i++) {
      boolean taken = predictions.scores()[i] > threshold;
      counts[2 * predictions.labels()[i] + (taken ? 1 : 0)]++;
    }
    return new BinaryCounts(counts[3], counts[1], counts[0], counts[2]);
  }

  /** The share of all images that are classified correctly, in 0..1. */
  public double accuracy() {
    return share(truePositives + trueNegatives, falsePositives + falseNegatives);
  }

  /** TP / (TP + FP), in 0..1; NaN if no image is predicted to be class 1. */
  public double precision() {
    return share(truePositives, falsePositives);
  }

  /** TP / (TP + FN), in 0..1, also called sensitivity; NaN if there is no image of class 1. */
  public double recall() {
    return share(truePositives, falseNegatives);
  }

  /**
   * The harmonic mean of precision and recall, 2·TP / (2·TP + FP + FN), in 0..1; NaN if class 1
   * neither occurs nor is predicted.
   */
  public double f1() {
    return share(2 * truePositives, falsePositives + falseNegatives);
  }

  private static double share(int part, int rest) {
    return (double) part / (part + rest);
  }
}
