package cnnlab.metric;

/**
 * How many images of two classes were classified rightly and wrongly; class 1 is the one looked
 * for.
 *
 * @param truePositives of class 1, found
 * @param falsePositives of class 0, taken for class 1
 * @param trueNegatives of class 0, left alone
 * @param falseNegatives of class 1, missed
 */
public record BinaryCounts(
    int truePositives, int falsePositives, int trueNegatives, int falseNegatives) {

  /** Above this probability of class 1 it is the more probable one. */
  public static final double EVEN = 0.5;

  /**
   * Counts.
   *
   * @param threshold an image is taken for class 1 when its score is above; with {@link #EVEN} this
   *     is the more probable class, class 0 when both are equal, as in {@link
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

  /** The share of all images that were classified rightly, in 0..1. */
  public double accuracy() {
    return share(truePositives + trueNegatives, falsePositives + falseNegatives);
  }

  /** The share of what was taken for class 1 that is of class 1; NaN when nothing was. */
  public double precision() {
    return share(truePositives, falsePositives);
  }

  /** The share of class 1 that was found, also called sensitivity; NaN when there is none. */
  public double recall() {
    return share(truePositives, falseNegatives);
  }

  /**
   * The harmonic mean of precision and recall, 2·TP / (2·TP + FP + FN); NaN when class 1 neither is
   * there nor was said to be.
   */
  public double f1() {
    return share(2 * truePositives, falsePositives + falseNegatives);
  }

  private static double share(int part, int rest) {
    return (double) part / (part + rest);
  }
}
