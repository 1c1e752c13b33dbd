package cnnlab.metric;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The receiver operating characteristic: for each threshold, the share of the images of class 1
 * whose score reaches it against the share of those of class 0 (Fawcett 2006, "An introduction to
 * ROC analysis", Pattern Recognition Letters 27). There is one point for each distinct score:
 * images of equal score pass together. The arrays must not be modified.
 *
 * @param thresholds [P], descending; an image passes if its score is at least the threshold; the
 *     first is +∞, which no image passes
 * @param falsePositiveRates [P], ascending from 0 to 1
 * @param truePositiveRates [P], ascending from 0 to 1
 * @param auc the area under the curve; see {@link #auc(BinaryPredictions)}
 */
public record RocCurve(
    double[] thresholds, double[] falsePositiveRates, double[] truePositiveRates, double auc) {

  /**
   * Computes the curve.
   *
   * @throws IllegalArgumentException if all images are of one class
   */
  public static RocCurve of(BinaryPredictions predictions) {
    int positives = predictions.positives();
    int negatives = predictions.count() - positives;
    if (positives == 0 || negatives == 0) {
      throw new IllegalArgumentException(
          "%d images of class 1 and %d of class 0 found; a ROC curve needs some of each"
              .formatted(positives, negatives));
    }
    double[] ones = sorted(predictions, 1);
    double[] zeros = sorted(predictions, 0);
    double[] thresholds = new double[predictions.count() + 1];
    double[] falseRates = new double[predictions.count() + 1];
    double[] trueRates = new double[predictions.count() + 1];
    thresholds[0] = Double.POSITIVE_INFINITY;
    int points = 1;
    // The number of images of each class that do not pass.
    int onesBelow = positives;
    int zerosBelow = negatives;
    while (onesBelow + zerosBelow > 0) {
      double score =
          Math.max(
              onesBelow > 0 ? ones[onesBelow - 1] : Double.NEGATIVE_INFINITY,
              zerosBelow > 0 ? zeros[zerosBelow - 1] : Double.NEGATIVE_INFINITY);
      onesBelow = below(ones, onesBelow, score);
      zerosBelow = below(zeros, zerosBelow, score);
      thresholds[points] = score;
      falseRates[points] = (double) (negatives - zerosBelow) / negatives;
      trueRates[points] = (double) (positives - onesBelow) / positives;
      points++;
    }
    return new RocCurve(
        Arrays.copyOf(thresholds, points),
        Arrays.copyOf(falseRates, points),
        Arrays.copyOf(trueRates, points),
        auc(predictions));
  }

  /**
   * The exact area under the curve: the share of the pairs of an image of class 1 and an image of
   * class 0 in which the former has the higher score, ties counting half (Mann and Whitney 1947;
   * Hanley and McNeil 1982). The pairs are counted in whole numbers.
   *
   * @return in 0..1; NaN if all images are of one class
   */
  public static double auc(BinaryPredictions predictions) {
    double[] ones = sorted(predictions, 1);
    double[] zeros = sorted(predictions, 0);
    long twiceWon = 0;
    int below = 0;
    int upTo = 0;
    for (double score : ones) {
      while (below < zeros.length && zeros[below] < score) {
        below++;
      }
      upTo = Math.max(upTo, below);
      while (upTo < zeros.length && zeros[upTo] == score) {
        upTo++;
      }
      // Pairs below the score are won and count two halves; pairs from there up to upTo are ties
      // and count one half.
      twiceWon += below + upTo;
    }
    return twiceWon / (2.0 * ones.length * zeros.length);
  }

  /** The number of the first {@code count} ascending scores that are less than {@code score}. */
  private static int below(double[] scores, int count, double score) {
    int n = count;
    while (n > 0 && scores[n - 1] >= score) {
      n--;
    }
    return n;
  }

  /** The scores of one class, ascending. */
  private static double[] sorted(BinaryPredictions predictions, int label) {
    double[] scores =
        IntStream.range(0, predictions.count())
            .filter(i -> predictions.labels()[i] == label)
            // −0 and 0 are equal, but sorting distinguishes them.
            .mapToDouble(i -> predictions.scores()[i] + 0.0)
            .toArray();
    Arrays.sort(scores);
    return scores;
  }
}
