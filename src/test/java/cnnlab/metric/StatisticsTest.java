package cnnlab.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.metric.Statistics.Paired;
import cnnlab.metric.Statistics.Summary;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatisticsTest {
  private static final Offset<Double> EXACT = within(1e-12);
  private static final double[] REPORT = {0.8867, 0.9187, 0.9341, 0.9426, 0.9057};

  @Test
  void theReportsFiveRuns() {
    Summary s = Summary.of(REPORT, 1);
    assertThat(s.n()).isEqualTo(5);
    assertThat(s.values()).containsExactly(REPORT).isNotSameAs(REPORT);
    assertThat(s.mean()).isCloseTo(0.91756, EXACT);
    assertThat(s.populationVariance()).isCloseTo(0.00039897, within(5e-9));
    assertThat(s.variance()).isCloseTo(0.000498718, EXACT);
    assertThat(s.sd()).isCloseTo(0.022331994985, EXACT);
    // t(0.975, 4) = 2.776445, by 0.022332 / sqrt(5) = 0.0099872.
    assertThat(s.ci95()[0]).isCloseTo(0.889831166, within(1e-9));
    assertThat(s.ci95()[1]).isCloseTo(0.945288834, within(1e-9));
    assertThat(s.median()).isEqualTo(0.9187);
    assertThat(s.min()).isEqualTo(0.8867);
    assertThat(s.max()).isEqualTo(0.9426);
  }

  @Test
  void theBootstrapIsRepeatableAndNearTheNormalInterval() {
    double[] interval = Summary.of(REPORT, 1).bootstrap95();
    assertThat(Summary.of(REPORT, 1).bootstrap95()).containsExactly(interval);
    // The bootstrap's standard error is that of the population variance: sqrt(0.000399 / 5).
    double half = 1.96 * Math.sqrt(0.000398974 / 5);
    assertThat(interval[0]).isCloseTo(0.91756 - half, within(2e-3));
    assertThat(interval[1]).isCloseTo(0.91756 + half, within(2e-3));
    double[] many = IntStream.range(0, 20).mapToDouble(Math::sqrt).toArray();
    assertThat(Summary.of(many, 1).bootstrap95()).isNotEqualTo(Summary.of(many, 2).bootstrap95());
  }

  @Test
  void theCallersArrayKeepsItsOrder() {
    double[] values = {3, 1, 2};
    assertThat(Summary.of(values, 1).median()).isEqualTo(2);
    Statistics.medianRun(values);
    Statistics.paired(values, values);
    assertThat(values).containsExactly(3, 1, 2);
  }

  @Test
  void oneRunHasNoSpread() {
    Summary s = Summary.of(new double[] {0.9}, 1);
    assertThat(s.mean()).isEqualTo(0.9);
    assertThat(s.median()).isEqualTo(0.9);
    assertThat(s.populationVariance()).isZero();
    assertThat(s.variance()).isNaN();
    assertThat(s.sd()).isNaN();
    assertThat(s.ci95()).containsExactly(Double.NaN, Double.NaN);
    assertThat(s.bootstrap95()).containsExactly(Double.NaN, Double.NaN);
    Paired p = Statistics.paired(new double[] {0.9}, new double[] {0.8});
    assertThat(p.meanDifference()).isCloseTo(0.1, EXACT);
    assertThat(p.sd()).isNaN();
    assertThat(p.pTTest()).isNaN();
    assertThat(p.pWilcoxon()).isEqualTo(1);
    assertThat(p.verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void equalRunsHaveAnIntervalOfOnePoint() {
    Summary s = Summary.of(new double[] {0.1, 0.1, 0.1}, 1);
    assertThat(s.sd()).isZero();
    assertThat(s.ci95()).containsExactly(s.mean(), s.mean());
    assertThat(s.bootstrap95()[0]).isCloseTo(0.1, EXACT);
    assertThat(s.bootstrap95()[1]).isCloseTo(0.1, EXACT);
  }

  @Test
  void pairedTestsAgreeWithScipy() {
    double[] a = {1, 2, 3, 4, 6};
    double[] b = {0, 0, 1, 1, 2};
    // Differences 1, 2, 2, 3, 4: mean 2.4, variance 5.2 / 4; scipy.stats.ttest_rel.
    Paired p = Statistics.paired(a, b);
    assertThat(p.n()).isEqualTo(5);
    assertThat(p.meanDifference()).isCloseTo(2.4, within(1e-11));
    assertThat(p.sd()).isCloseTo(Math.sqrt(1.3), within(1e-11));
    assertThat(p.pTTest()).isCloseTo(0.009261696759514423, within(1e-10));
    double half = 2.7764451051978 * Math.sqrt(1.3 / 5);
    assertThat(p.ci95()[0]).isCloseTo(2.4 - half, within(1e-10));
    assertThat(p.ci95()[1]).isCloseTo(2.4 + half, within(1e-10));
    assertThat(p.verdict()).isEqualTo(Verdict.SUPPORTED);
    assertThat(Statistics.paired(b, a).verdict()).isEqualTo(Verdict.NOT_SUPPORTED);
  }

  @Test
  void wilcoxonIsExactWithoutTies() {
    // Negative rank sum 3 of 6 ranks: 5 of 64 subsets have a sum of 3 or less, on two sides.
    Paired p = Statistics.paired(new double[] {1, 2, -3, 4, 6, 5}, new double[6]);
    assertThat(p.pWilcoxon()).isCloseTo(10.0 / 64, EXACT);
    assertThat(p.verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void equalDifferencesAreSeenThroughRounding() {
    double[] a = {0.93, 0.94, 0.95};
    double[] b = {0.92, 0.93, 0.94};
    Paired p = Statistics.paired(a, b);
    assertThat(p.sd()).isZero();
    assertThat(p.meanDifference()).isCloseTo(0.01, EXACT);
    assertThat(p.ci95()).containsExactly(p.meanDifference(), p.meanDifference());
    assertThat(p.pTTest()).isZero();
    assertThat(p.pWilcoxon()).isCloseTo(2.0 / 8, EXACT);
    assertThat(p.verdict()).isEqualTo(Verdict.SUPPORTED);
  }

  @Test
  void noDifferenceIsUndecided() {
    for (double[] a : new double[][] {REPORT, new double[3]}) {
      Paired p = Statistics.paired(a, a.clone());
      assertThat(p.meanDifference()).isZero();
      assertThat(p.ci95()).containsExactly(0, 0);
      assertThat(p.pTTest()).isEqualTo(1);
      assertThat(p.pWilcoxon()).isEqualTo(1);
      assertThat(p.verdict()).isEqualTo(Verdict.UNDECIDED);
    }
  }

  @Test
  void theMedianRunIsOneOfTheRuns() {
    assertThat(Statistics.medianRun(REPORT)).isEqualTo(1);
    assertThat(Statistics.medianRun(new double[] {4, 1, 3, 2})).isEqualTo(3);
    assertThat(Statistics.medianRun(new double[] {1, 2, 2})).isEqualTo(1);
    assertThat(Statistics.medianRun(new double[] {7})).isZero();
  }

  @Test
  void verdictsReadAsWords() {
    assertThat(Verdict.NOT_SUPPORTED).hasToString("not supported");
    assertThat(Verdict.SUPPORTED).hasToString("supported");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNotANumberIsRefused(double bad) {
    double[] values = {1, bad};
    assertThatThrownBy(() -> Summary.of(values, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("run 1");
    assertThatThrownBy(() -> Statistics.paired(new double[2], values))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Statistics.medianRun(values))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY})
  void pairsAreCheckedOnBothSides(double bad) {
    double[] good = {0.5, 0.6, 0.7};
    double[] wrong = {0.5, 0.6, bad};
    for (double[][] pair : new double[][][] {{good, wrong}, {wrong, good}}) {
      assertThatThrownBy(() -> Statistics.paired(pair[0], pair[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("run 2 has the value " + bad);
    }
    assertThatThrownBy(() -> Statistics.paired(new double[0], new double[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no values");
  }

  @Test
  void whatIsMoreThanRoundingStaysADifference() {
    double[] zeros = new double[3];
    Paired tiny = Statistics.paired(new double[] {3e-13, 2e-13, 4e-13}, zeros);
    assertThat(tiny.meanDifference()).as("large beside the values").isCloseTo(3e-13, within(1e-24));
    assertThat(Statistics.paired(new double[] {1 + 4e-13, 1, 1}, new double[] {1, 1, 1}))
        .satisfies(p -> assertThat(p.meanDifference()).as("rounding of 1").isZero());
    assertThat(Statistics.paired(new double[] {-1 - 3e-12, -1, -1}, new double[] {-1, -1, -1}))
        .satisfies(p -> assertThat(p.meanDifference()).isCloseTo(-1e-12, within(1e-15)));
  }

  /** A difference of −0 would be printed as -0.0000. */
  @Test
  void noDifferenceHasNoSign() {
    double[] ones = {1, 1, 1};
    double[] belowByRounding = {1 - 4e-13, 1 - 4e-13, 1 - 4e-13};
    double[] zeros = new double[3];
    double[] minusZeros = {-0.0, -0.0, -0.0};
    for (Paired p :
        List.of(Statistics.paired(belowByRounding, ones), Statistics.paired(minusZeros, zeros))) {
      assertThat(Double.compare(p.meanDifference(), 0.0)).isZero();
    }
  }

  @Test
  void twoRunsHaveNoInterval() {
    Summary s = Summary.of(new double[] {0.82, 0.692}, 1, Scale.PROPORTION);
    assertThat(s.sd()).isCloseTo(0.0905, within(1e-4));
    assertThat(s.ci95()).containsOnly(Double.NaN);
    assertThat(s.bootstrap95()).containsOnly(Double.NaN);
    assertThat(Statistics.interval(s.ci95(), 4)).isEqualTo("n too small");
    Paired p = Statistics.paired(new double[] {0.9, 0.8}, new double[] {0.1, 0.1});
    assertThat(p.ci95()).containsOnly(Double.NaN);
    assertThat(p.verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void intervalsOfAccuraciesStayInside() {
    double[] wide = {1, 1, 0.4};
    double[] interval = Summary.of(wide, 1, Scale.PROPORTION).ci95();
    assertThat(interval[0]).isBetween(0.0, 0.8);
    assertThat(interval[1]).isBetween(0.8, 1.0);
    double[] difference =
        Statistics.paired(wide, new double[] {0, 0.1, 0.3}, Scale.PROPORTION).ci95();
    assertThat(difference[0]).isGreaterThanOrEqualTo(-1);
    assertThat(difference[1]).isEqualTo(1);
  }

  @Test
  void nothingAndUnequalLengthsAreRefused() {
    assertThatThrownBy(() -> Summary.of(new double[0], 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Statistics.paired(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 and 3");
    assertThatThrownBy(() -> Statistics.medianRun(new double[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void wilcoxonIsExactWithTies() {
    // Ranks 1.5 1.5 3 4: sums 0, 1.5 (twice), ... ; of 16 choices of signs 3 are at most 1.5.
    Paired p = Statistics.paired(new double[] {-1, 1, 2, 3}, new double[4]);
    assertThat(p.pWilcoxon()).isCloseTo(6.0 / 16, EXACT);
    // All of a size and of a sign: 1 of 2^5 choices on each side.
    Paired same = Statistics.paired(new double[] {2, 2, 2, 2, 2}, new double[5]);
    assertThat(same.pWilcoxon()).isCloseTo(2.0 / 32, EXACT);
    // Half of each sign.
    assertThat(Statistics.paired(new double[] {1, -1}, new double[2]).pWilcoxon()).isEqualTo(1);
  }

  @Test
  void wilcoxonLeavesOutZeros() {
    Paired without = Statistics.paired(new double[] {1, 2, -3, 4, 6, 5}, new double[6]);
    Paired with = Statistics.paired(new double[] {0, 1, 2, -3, 4, 0, 6, 5}, new double[8]);
    assertThat(with.pWilcoxon()).isCloseTo(without.pWilcoxon(), EXACT);
  }

  /** Against every choice of signs, one by one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 12})
  void wilcoxonWithTiesIsTheShareOfSignsAtLeastAsFarOut(int n) {
    Random random = new Random(n);
    double[] d = random.ints(n, 1, 4).mapToDouble(i -> random.nextBoolean() ? i : -i).toArray();
    double[] ranks = new double[n];
    for (int i = 0; i < n; i++) {
      for (double other : d) {
        double size = Math.abs(d[i]);
        ranks[i] += Math.abs(other) < size ? 1 : Math.abs(other) == size ? 0.5 : 0;
      }
      ranks[i] += 0.5;
    }
    double middle = n * (n + 1) / 4.0;
    double found = 0;
    for (int i = 0; i < n; i++) {
      found += d[i] > 0 ? ranks[i] : 0;
    }
    int atLeast = 0;
    for (int signs = 0; signs < 1 << n; signs++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += (signs >> i & 1) == 1 ? ranks[i] : 0;
      }
      atLeast += Math.abs(sum - middle) >= Math.abs(found - middle) ? 1 : 0;
    }
    assertThat(Statistics.paired(d, new double[n]).pWilcoxon())
        .isCloseTo((double) atLeast / (1 << n), EXACT);
  }

  @Test
  void moreThanTwentyWithTiesAreApproximated() {
    double[] d = new double[24];
    Arrays.fill(d, 0, 16, 1);
    Arrays.fill(d, 16, 24, -1);
    // z = 50 / sqrt(ties) about 1.6.
    assertThat(Statistics.paired(d, new double[24]).pWilcoxon()).isBetween(0.08, 0.13);
  }

  @Test
  void theSpreadOfOneRunIsNotPrinted() {
    assertThat(Statistics.spread(Summary.of(new double[] {0.5}, 1).sd(), 4)).isEmpty();
    assertThat(Statistics.spread(0.01234, 4)).isEqualTo("0.0123");
  }
}
