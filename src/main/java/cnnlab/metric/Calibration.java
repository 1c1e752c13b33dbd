package cnnlab.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * The calibration of probabilities: of the images to which a classifier gives a probability of 80
 * %, are 80 % predicted correctly? Images are sorted by probability into bins of equal width; in
 * each bin the mean probability is compared with the observed share.
 *
 * @param bins in ascending order from 0 to 1, empty bins included
 * @param error the expected calibration error Σ (bin count / N)·|share − mean probability|, in 0..1
 */
public record Calibration(List<Bin> bins, double error) {
  /** The number of bins in Guo et al. 2017. */
  public static final int BINS = 15;

  /**
   * The probabilities in [low, high); the last bin includes 1.
   *
   * @param low lower end
   * @param high upper end
   * @param count number of images
   * @param probability their mean probability; NaN if the bin is empty
   * @param share the share of them for which the prediction is true; NaN if the bin is empty
   */
  public record Bin(double low, double high, int count, double probability, double share) {}

  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * The calibration of the predicted class: its probability against the share of correct
   * predictions. Its error is the usual expected calibration error (Guo et al. 2017, "On
   * calibration of modern neural networks", ICML; 15 bins).
   *
   * @param probabilities [N, K]
   * @param labels true classes [N] in 0..K-1, N at least 1
   * @param classes K
   * @param binCount at least 1
   * @throws IllegalArgumentException if the lengths of the arrays do not match
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
   * The calibration of class 1: its probability against the share of images of that class.
   *
   * @param predictions with probabilities as scores
   * @param binCount at least 1
   * @throws IllegalArgumentException if a score is not a probability
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
   * The Brier score: the mean of (p − y)², where p is the probability of class 1 and y the label.
   * It is 0 for perfect predictions and 0.25 for a constant probability of 0.5. (Brier 1950 sums
   * over both classes, which doubles it.)
   *
   * @param predictions with probabilities as scores
   * @throws IllegalArgumentException if a score is not a probability
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
