package cnnlab.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.metric.Intervals.Sample;
import java.util.SplittableRandom;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.StandardDeviation;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalsTest {
  private static final double T4 = 2.7764451051977987;

  @Test
  void realValuesUseStudentsT() {
    double half = T4 * 2 / Math.sqrt(5);
    assertThat(Intervals.ofMean(-3, 2, 5, Scale.REAL))
        .containsExactly(new double[] {-3 - half, -3 + half}, within(1e-9));
  }

  /** The report's five runs: t · 0.0223320 / √5 / (0.91756 · 0.08244) = 0.36658 on the logit. */
  @Test
  void proportionsUseTheLogitScale() {
    double[] interval = Intervals.ofMean(0.91756, 0.022331994985, 5, Scale.PROPORTION);
    assertThat(interval).containsExactly(new double[] {0.885246047, 0.941377139}, within(1e-8));
    assertThat(interval[1] - 0.91756).as("less room above").isLessThan(0.91756 - interval[0]);
    double[] mirrored = Intervals.ofMean(1 - 0.91756, 0.022331994985, 5, Scale.PROPORTION);
    assertThat(mirrored)
        .containsExactly(new double[] {1 - interval[1], 1 - interval[0]}, within(1e-12));
  }

  @Test
  void lossesUseTheLogarithmicScale() {
    double factor = Math.exp(T4 * 0.3 / Math.sqrt(5) / 0.5);
    assertThat(Intervals.ofMean(0.5, 0.3, 5, Scale.POSITIVE))
        .containsExactly(new double[] {0.5 / factor, 0.5 * factor}, within(1e-9));
    assertThat(Intervals.ofMean(0.5, 3, 3, Scale.POSITIVE)[0]).isNotNegative();
  }

  @Test
  void differencesOfProportionsAreCutAtOne() {
    assertThat(Intervals.ofMean(0.6, 0.436, 3, Scale.DIFFERENCE_OF_PROPORTIONS))
        .containsExactly(
            new double[] {0.6 - 4.302652729696142 * 0.436 / Math.sqrt(3), 1}, within(1e-9));
    assertThat(Intervals.ofMean(-0.6, 0.436, 3, Scale.DIFFERENCE_OF_PROPORTIONS)[0]).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({"0.7090, 0.0834", "0.9999, 0.3", "0.0001, 0.3", "0.5, 0.7", "1, 0", "0, 0"})
  void intervalsOfProportionsStayInZeroToOne(double mean, double sd) {
    for (int n = 3; n < 30; n++) {
      double[] interval = Intervals.ofMean(mean, sd, n, Scale.PROPORTION);
      assertThat(interval[0]).isBetween(0.0, mean);
      assertThat(interval[1]).isBetween(mean, 1.0);
    }
  }

  @ParameterizedTest
  @EnumSource(Scale.class)
  void identicalRunsHaveAnIntervalOfOnePoint(Scale scale) {
    for (double mean : new double[] {0, 0.1, 0.3, 0.9347, 1}) {
      assertThat(Intervals.ofMean(mean, 0, 5, scale)).containsExactly(mean, mean);
    }
  }

  /** For example the mean of 1, 1, 1 and 1 - 1e-16. */
  @Test
  void aMeanRoundedToABoundHasAnInterval() {
    assertThat(Intervals.ofMean(1, 1e-17, 5, Scale.PROPORTION)).containsExactly(1, 1);
    for (Scale scale : new Scale[] {Scale.PROPORTION, Scale.POSITIVE}) {
      assertThat(Intervals.ofMean(0, 1e-300, 5, scale))
          .containsExactly(new double[] {0, 0}, within(1e-299));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void fewRunsHaveNoInterval(int n) {
    Sample few = new Sample(n, 0.5, 0.1);
    Sample five = new Sample(5, 0.5, 0.1);
    assertThat(Intervals.ofMean(0.5, 0.1, n, Scale.PROPORTION)).containsOnly(Double.NaN);
    assertThat(Intervals.ofDifference(few, five, Scale.REAL)).containsOnly(Double.NaN);
    assertThat(Intervals.ofDifference(five, few, Scale.REAL)).containsOnly(Double.NaN);
    assertThat(Intervals.ofVarianceRatio(few, five)).containsOnly(Double.NaN);
    assertThat(Intervals.ofVarianceRatio(five, few)).containsOnly(Double.NaN);
    assertThat(Intervals.ofMean(0.5, 0.1, Intervals.LEAST_RUNS, Scale.REAL)[0]).isFinite();
    Sample least = new Sample(Intervals.LEAST_RUNS, 0.5, 0.1);
    assertThat(Intervals.ofDifference(least, least, Scale.REAL)[0]).isNegative();
    // F(0.975; 2, 2) = 39.
    assertThat(Intervals.ofVarianceRatio(least, least))
        .containsExactly(new double[] {1 / 39.0, 39}, within(1e-9));
  }

  /** R: t.test(1:10, c(7:20)) has the interval -11.052802 to -4.947198. */
  @Test
  void welchsIntervalAgreesWithR() {
    Sample a = new Sample(10, 5.5, Math.sqrt(55.0 / 6));
    Sample b = new Sample(14, 13.5, Math.sqrt(17.5));
    assertThat(Intervals.ofDifference(a, b, Scale.REAL))
        .containsExactly(new double[] {-11.052802, -4.947198}, within(1e-5));
    // Equal spreads: Student's t of two samples, t(0.975, 8) = 2.306004.
    double half = 2.306004 * Math.sqrt(2 * 0.09 / 5);
    assertThat(Intervals.ofDifference(new Sample(5, 2, 0.3), new Sample(5, 1, 0.3), Scale.REAL))
        .containsExactly(new double[] {1 - half, 1 + half}, within(1e-6));
    assertThat(Intervals.ofDifference(new Sample(3, 2, 0), new Sample(3, 1, 0), Scale.REAL))
        .containsExactly(1, 1);
  }

  /** F(0.975; 4, 4) = 9.604530 and F(0.975; 4, 9) = 4.718078, F(0.975; 9, 4) = 8.904682. */
  @Test
  void varianceRatiosUseTheFDistribution() {
    Sample five = new Sample(5, 0, 2);
    assertThat(Intervals.ofVarianceRatio(five, five))
        .containsExactly(new double[] {1 / 9.604530, 9.604530}, within(1e-5));
    assertThat(Intervals.ofVarianceRatio(five, new Sample(10, 0, 1)))
        .containsExactly(new double[] {4 / 4.718078, 4 * 8.904682}, within(1e-4));
    assertThatThrownBy(() -> Intervals.ofVarianceRatio(five, new Sample(5, 0, 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /**
   * Beta distributions with the mean and spread of accuracies; 95 % is what an interval promises.
   */
  @ParameterizedTest
  @CsvSource({"0.92, 0.022, 5, 0.94", "0.98, 0.02, 5, 0.92", "0.78, 0.0075, 3, 0.94"})
  void intervalsHaveTheirNominalCoverage(double mean, double sd, int n, double atLeast) {
    double k = mean * (1 - mean) / (sd * sd) - 1;
    BetaDistribution beta = BetaDistribution.of(mean * k, (1 - mean) * k);
    SplittableRandom random = new SplittableRandom(7);
    int draws = 4000;
    int onLogit = 0;
    int symmetric = 0;
    for (int d = 0; d < draws; d++) {
      double[] runs = new double[n];
      for (int i = 0; i < n; i++) {
        runs[i] = beta.inverseCumulativeProbability(random.nextDouble());
      }
      double m = Mean.of(runs).getAsDouble();
      double s = StandardDeviation.of(runs).getAsDouble();
      onLogit += holds(Intervals.ofMean(m, s, n, Scale.PROPORTION), mean);
      symmetric += holds(Intervals.ofMean(m, s, n, Scale.REAL), mean);
    }
    assertThat((double) onLogit / draws).isBetween(atLeast, 0.97);
    assertThat(onLogit)
        .as("not worse than the symmetric one")
        .isGreaterThan(symmetric - draws / 200);
  }

  private static int holds(double[] interval, double value) {
    return interval[0] <= value && value <= interval[1] ? 1 : 0;
  }

  @Test
  void scoresAreProportionsAndLossesAreNot() {
    assertThat(Scale.ofScore("validationAccuracy")).isEqualTo(Scale.PROPORTION);
    assertThat(Scale.ofScore("auc")).isEqualTo(Scale.PROPORTION);
    assertThat(Scale.ofScore("validationLoss")).isEqualTo(Scale.POSITIVE);
    assertThat(Scale.PROPORTION.ofDifferences()).isEqualTo(Scale.DIFFERENCE_OF_PROPORTIONS);
    assertThat(Scale.POSITIVE.ofDifferences()).isEqualTo(Scale.REAL);
  }
}
