package cnnlab.metric;

import java.util.Locale;

/**
 * Which values a score can have, and so on which scale the interval of its mean is made: an
 * interval never holds a value that the score cannot have.
 */
public enum Scale {
  /** Any number. */
  REAL {
    @Override
    double[] interval(double mean, double half) {
      return new double[] {mean - half, mean + half};
    }
  },
  /** 0 or more, such as a loss: on the scale of the logarithm. */
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
  /** In [0, 1], such as an accuracy or an area under a curve: on the scale of the logit. */
  PROPORTION {
    @Override
    double[] interval(double mean, double half) {
      if (mean <= 0 || mean >= 1 || half == 0) {
        // At an end all runs are the same, so that they have no spread there either.
        return REAL.interval(mean, half);
      }
      double logit = Math.log(mean / (1 - mean));
      double halfOfLogit = half / (mean * (1 - mean));
      return new double[] {expit(logit - halfOfLogit), expit(logit + halfOfLogit)};
    }
  },
  /**
   * The difference of two proportions, in [-1, 1]: what a symmetric interval has beyond is cut off.
   * That changes neither how often it holds the true difference nor on which side of 0 it is.
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
   * @param half half of the width of the symmetric interval, at least 0
   * @return [low, high]; both the mean when {@code half} is 0
   */
  abstract double[] interval(double mean, double half);

  /**
   * The scale of a score by its name: losses are positive, and all other scores here (accuracy,
   * precision, recall, F1, area under the ROC curve, Brier score, calibration error) are
   * proportions.
   *
   * @param score such as {@code validationAccuracy} or {@code loss}
   */
  public static Scale ofScore(String score) {
    return score.toLowerCase(Locale.ROOT).contains("loss") ? POSITIVE : PROPORTION;
  }

  /** The scale of differences of two values of this one. */
  public Scale ofDifferences() {
    return this == PROPORTION ? DIFFERENCE_OF_PROPORTIONS : REAL;
  }

  private static double expit(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }
}
