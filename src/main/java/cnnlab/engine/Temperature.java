package cnnlab.engine;

import cnnlab.scratch.Loss;

/**
 * Temperature scaling: one number T that makes probabilities less (T &gt; 1) or more (T &lt; 1)
 * sure of themselves, softmax(log p / T), without changing what is most probable (Guo et al. 2017,
 * "On calibration of modern neural networks"). T is chosen on images that the network was not
 * trained on, and applied to others.
 *
 * @param value T, above 0
 */
public record Temperature(double value) {
  private static final double COLDEST = 0.05;
  private static final double HOTTEST = 20;
  private static final int STEPS = 60;

  /**
   * @throws IllegalArgumentException when T is not above 0 and finite
   */
  public Temperature {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("temperature " + value + " found, above 0 expected");
    }
  }

  /**
   * The T of 0.05..20 with the least cross-entropy. That is a convex function of 1/T, so the sign
   * of its derivative, the mean of Σ q·log p − log p[label] with q the scaled probabilities, tells
   * on which side the minimum is.
   *
   * @param probabilities [N, K]
   * @param labels [N] in 0..K-1, N at least 1
   * @param classes K
   */
  public static Temperature fit(float[] probabilities, int[] labels, int classes) {
    double low = 1 / HOTTEST;
    double high = 1 / COLDEST;
    for (int step = 0; step < STEPS; step++) {
      double middle = Math.sqrt(low * high);
      if (slope(probabilities, labels, classes, middle) > 0) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return new Temperature(1 / Math.sqrt(low * high));
  }

  /**
   * Scales.
   *
   * @param probabilities [N, K]; those below 1e-7 count as 1e-7
   * @param classes K
   * @return [N, K], each row adding up to 1
   */
  public float[] apply(float[] probabilities, int classes) {
    float[] scaled = new float[probabilities.length];
    double[] row = new double[classes];
    for (int n = 0; n < probabilities.length; n += classes) {
      scale(probabilities, n, 1 / value, row);
      for (int k = 0; k < classes; k++) {
        scaled[n + k] = (float) row[k];
      }
    }
    return scaled;
  }

  private static double slope(float[] probabilities, int[] labels, int classes, double inverse) {
    double[] row = new double[classes];
    double sum = 0;
    for (int n = 0; n < labels.length; n++) {
      scale(probabilities, n * classes, inverse, row);
      for (int k = 0; k < classes; k++) {
        double share = row[k] - (k == labels[n] ? 1 : 0);
        sum += share * log(probabilities[n * classes + k]);
      }
    }
    return sum / labels.length;
  }

  /** p^inverse, divided by the sum. */
  private static void scale(float[] probabilities, int begin, double inverse, double[] row) {
    double sum = 0;
    for (int k = 0; k < row.length; k++) {
      row[k] = Math.exp(inverse * log(probabilities[begin + k]));
      sum += row[k];
    }
    for (int k = 0; k < row.length; k++) {
      row[k] /= sum;
    }
  }

  private static double log(float probability) {
    return Math.log(Math.max(probability, Loss.CLIP));
  }
}
