package cnnlab.engine;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The receiver operating characteristic: for each threshold, the share of the images of class 0
 * that reach it against the share of those of class 1 (Fawcett 2006, "An introduction to ROC
 * analysis", Pattern Recognition Letters 27). One point for each different score: images of equal
 * score pass together. Arrays are not to be changed.
 *
 * @param thresholds [P], descending; images pass that score at least as much; the first is +∞, at
 *     which none passes
 * @param falsePositiveRates [P], ascending from 0 to 1
 * @param truePositiveRates [P], ascending from 0 to 1
 * @param auc the area under the curve; see {@link #auc(BinaryPredictions)}
 */
public record RocCurve(
    double[] thresholds, double[] falsePositiveRates, double[] truePositiveRates, double auc) {

  /**
   * The whole curve.
   *
   * @throws IllegalArgumentException when all images are of one class
   */
  public static RocCurve of(BinaryPredictions predictions) {
    int positives = predictions.positives();
    int negatives = predictions.count() - positives;
    if (positives == 0 || negatives == 0) {
      throw new IllegalArgumentException(
          "%d images of class 1 and %d of class 0 found, some of each expected: no ROC curve"
              .formatted(positives, negatives));
    }
    int[] order = descending(predictions.scores());
    double[] thresholds = new double[order.length + 1];
    double[] falseRates = new double[order.length + 1];
    double[] trueRates = new double[order.length + 1];
    thresholds[0] = Double.POSITIVE_INFINITY;
    int points = 1;
    int passed = 0;
    for (int i = 0; i < order.length; i++) {
      double score = predictions.scores()[order[i]];
      passed += predictions.labels()[order[i]];
      boolean lastOfItsScore = i + 1 == order.length || predictions.scores()[order[i + 1]] != score;
      if (lastOfItsScore) {
        thresholds[points] = score;
        falseRates[points] = (double) (i + 1 - passed) / negatives;
        trueRates[points] = (double) passed / positives;
        points++;
      }
    }
    return new RocCurve(
        Arrays.copyOf(thresholds, points),
        Arrays.copyOf(falseRates, points),
        Arrays.copyOf(trueRates, points),
        auc(predictions));
  }

  /**
   * The area under the curve, exactly: the share of the pairs of an image of class 1 and one of
   * class 0 in which the former scores more, equal scores counting half (Mann and Whitney 1947;
   * Hanley and McNeil 1982). The pairs are counted in whole numbers.
   *
   * @return in 0..1; NaN when all images are of one class
   */
  public static double auc(BinaryPredictions predictions) {
    long positives = predictions.positives();
    long negatives = predictions.count() - positives;
    int[] order = descending(predictions.scores());
    long twiceWon = 0;
    long positivesAbove = 0;
    int from = 0;
    while (from < order.length) {
      double score = predictions.scores()[order[from]];
      long positivesHere = 0;
      int to = from;
      while (to < order.length && predictions.scores()[order[to]] == score) {
        positivesHere += predictions.labels()[order[to]];
        to++;
      }
      long negativesHere = to - from - positivesHere;
      twiceWon += negativesHere * (2 * positivesAbove + positivesHere);
      positivesAbove += positivesHere;
      from = to;
    }
    return twiceWon / (2.0 * positives * negatives);
  }

  /** Positions in descending order of score. */
  private static int[] descending(double[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted((a, b) -> Double.compare(scores[b], scores[a]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
