package cnnlab.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether probabilities can be taken at their word: of the images about which a classifier is 80 %
 * sure, are 80 % so? Images are sorted into bins of equal width by probability; in each bin the
 * mean probability is compared with the share of images for which it came true.
 *
 * @param bins from 0 to 1, empty ones included
 * @param error the expected calibration error Σ (n of bin / N)·|share − mean probability|, in 0..1
 */
public record Calibration(List<Bin> bins, double error) {
  /** As in Guo et al. 2017. */
  public static final int BINS = 15;

  /**
   * Probabilities in [low, high), the last bin with 1.
   *
   * @param low lower end
   * @param high upper end
   * @param count images in it
   * @param probability their mean probability; NaN when there are none
   * @param share of them for which it came true; NaN when there are none
   */
  public record Bin(double low, double high, int count, double probability, double share) {}

  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * Of the class that was chosen, whichever it is: its probability against the share of right
   * choices. Its error is what is meant by expected calibration error (Guo et al. 2017, "On
   * calibration of modern neural networks", ICML; 15 bins).
   *
   * @param probabilities [N, K]
   * @param labels true classes [N] in 0..K-1, N at least 1
   * @param classes K
   * @throws IllegalArgumentException when the arrays do not fit each other
   */
  public static Calibration ofTopClass(
      float[] probabilities, int[] labels, int classes, int binCount) {
    if (labels.length == 0 || probabilities.length != (long) labels.length * classes) {
      throw new IllegalArgumentException(
          "%d probabilities are not %d images of %d classes, at least one image expected"
              .formatted(probabilities.length, labels.length, classes));
    }
    double[] scores = new double[labels.length];
    int[] right = new int[labels.length];
    for (int n = 0; n < labels.length; n++) {
      int chosen = ClassMetrics.argmax(probabilities, n * classes, classes);
      scores[n] = probabilities[n * classes + chosen];
      right[n] = chosen == labels[n] ? 1 : 0;
    }
    return ofPositiveClass(new BinaryPredictions(scores, right), binCount);
  }

  /**
   * Of class 1: its probability against the share of images of that class.
   *
   * @param predictions with probabilities for scores
   * @param binCount at least 1
   * @throws IllegalArgumentException when a score is no probability
   */
  public static Calibration ofPositiveClass(BinaryPredictions predictions, int binCount) {
    predictions.requireProbabilities("calibration");
    int[] counts = new int[binCount];
    double[] sums = new double[binCount];
    int[] positives = new int[binCount];
    for (int i = 0; i < predictions.count(); i++) {
      double score = predictions.scores()[i];
      int bin = Math.min(binCount - 1, (int) (score * binCount));
      counts[bin]++;
      sums[bin] += score;
      positives[bin] += predictions.labels()[i];
    }
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    for (int b = 0; b < binCount; b++) {
      double probability = sums[b] / counts[b];
      double share = (double) positives[b] / counts[b];
      bins.add(new Bin((double) b / binCount, (b + 1.0) / binCount, counts[b], probability, share));
      error += Math.abs(positives[b] - sums[b]) / predictions.count();
    }
    return new Calibration(bins, error);
  }

  /**
   * The Brier score: the mean of (p − y)², p the probability of class 1 and y the label; 0 is
   * perfect, 0.25 is had by always saying 0.5. (Brier 1950 adds the same over both classes, which
   * doubles it.)
   *
   * @param predictions with probabilities for scores
   * @throws IllegalArgumentException when a score is no probability
   */
  public static double brier(BinaryPredictions predictions) {
    predictions.requireProbabilities("Brier score");
    double sum = 0;
    for (int i = 0; i < predictions.count(); i++) {
      double difference = predictions.scores()[i] - predictions.labels()[i];
      sum += difference * difference;
    }
    return sum / predictions.count();
  }
}
