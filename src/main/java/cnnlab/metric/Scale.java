package cnnlab.metric;

import java.util.Locale;

/**
 * The possible values of a score, and thus the scale on which the interval of its mean is computed:
 * an interval never contains impossible values.
 */
public enum Scale {
  /** Any number. */
  REAL {
    @Override
    double[] interval(double mean, double half) {
      return new double[] {mean - half, mean + half};
    }
  },
  /** 0 or more, such as a loss; intervals are computed on the logarithmic scale. */
  POSITIVE {
    @Override
    double[] interval(double mean, double half) {
      if (mean <= 0 || half == 0) {
        return REAL.interval(mean, half);
      }
      double factor = Math.exp(half / mean);
      return new double[] {mean / factor, mean * factor};
    }
  },
  /**
   * In [0, 1], such as an accuracy or an area under a curve; intervals are computed on the logit
   * scale.
   */
  PROPORTION {
    @Override
    double[] interval(double mean, double half) {
      if (mean <= 0 || mean >= 1 || half == 0) {
        // A mean of 0 or 1 means that all runs are equal, so there is no spread.
        return REAL.interval(mean, half);
      }
      double logit = Math.log(mean / (1 - mean));
      double halfOfLogit = half / (mean * (1 - mean));
      return new double[] {expit(logit - halfOfLogit), expit(logit + halfOfLogit)};
    }
  },
  /**
   * The difference of two proportions, in [-1, 1]; symmetric intervals are cut off at these bounds.
   * That changes neither their coverage nor the side of 0 on which they lie.
   */
  DIFFERENCE_OF_PROPORTIONS {
    @Override
    double[] interval(double mean, double half) {
      return new double[] {Math.max(-1, mean - half), Math.min(1, mean + half)};
    }
  };

  /**
   * The interval of a mean.
   *
   * @param mean the mean
   * @param half half the width of the symmetric interval, at least 0
   * @return [low, high]; both are the mean if {@code half} is 0
   */
  abstract double[] interval(double mean, double half);

  /**
   * The scale of a score, given its name: losses are positive, and all other scores of this project
   * (accuracy, precision, recall, F1, area under the ROC curve, Brier score, calibration error) are
   * proportions.
   *
   * @param score such as {@code validationAccuracy} or {@code loss}
   */
  public static Scale ofScore(String score) {
    return score.toLowerCase(Locale.ROOT).contains("loss") ? POSITIVE : PROPORTION;
  }

  /** The scale of the difference of two values on this scale. */
  public Scale ofDifferences() {
    return this == PROPORTION ? DIFFERENCE_OF_PROPORTIONS : REAL;
  }

  private static double expit(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }
}
