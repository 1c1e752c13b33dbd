package cnnlab.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairedComparisonTest {
  private static final Offset<Double> EXACT = within(1e-12);
  private static final double[] REPORT = {0.8867, 0.9187, 0.9341, 0.9426, 0.9057};

  @Test
  void pairedTestsAgreeWithScipy() {
    double[] a = {1, 2, 3, 4, 6};
    double[] b = {0, 0, 1, 1, 2};
    // Differences 1, 2, 2, 3, 4: mean 2.4, variance 5.2 / 4; scipy.stats.ttest_rel.
    PairedComparison p = PairedComparison.of(a, b);
    assertThat(p.n()).isEqualTo(5);
    assertThat(p.meanDifference()).isCloseTo(2.4, within(1e-11));
    assertThat(p.sd()).isCloseTo(Math.sqrt(1.3), within(1e-11));
    assertThat(p.pTTest()).isCloseTo(0.009261696759514423, within(1e-10));
    double half = 2.7764451051978 * Math.sqrt(1.3 / 5);
    assertThat(p.ci95()[0]).isCloseTo(2.4 - half, within(1e-10));
    assertThat(p.ci95()[1]).isCloseTo(2.4 + half, within(1e-10));
    assertThat(p.verdict()).isEqualTo(Verdict.SUPPORTED);
    assertThat(PairedComparison.of(b, a).verdict()).isEqualTo(Verdict.NOT_SUPPORTED);
  }

  @Test
  void wilcoxonIsExactWithoutTies() {
    // Negative rank sum 3 of 6 ranks: 5 of 64 subsets have a sum of 3 or less, on two sides.
    PairedComparison p = PairedComparison.of(new double[] {1, 2, -3, 4, 6, 5}, new double[6]);
    assertThat(p.pWilcoxon()).isCloseTo(10.0 / 64, EXACT);
    assertThat(p.verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void differencesEqualUpToRoundingAreEqual() {
    double[] a = {0.93, 0.94, 0.95};
    double[] b = {0.92, 0.93, 0.94};
    PairedComparison p = PairedComparison.of(a, b);
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
      PairedComparison p = PairedComparison.of(a, a.clone());
      assertThat(p.meanDifference()).isZero();
      assertThat(p.ci95()).containsExactly(0, 0);
      assertThat(p.pTTest()).isEqualTo(1);
      assertThat(p.pWilcoxon()).isEqualTo(1);
      assertThat(p.verdict()).isEqualTo(Verdict.UNDECIDED);
    }
  }

  @Test
  void verdictsReadAsWords() {
    assertThat(Verdict.NOT_SUPPORTED).hasToString("not supported");
    assertThat(Verdict.SUPPORTED).hasToString("supported");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY})
  void bothSidesOfPairsAreChecked(double bad) {
    double[] good = {0.5, 0.6, 0.7};
    double[] wrong = {0.5, 0.6, bad};
    for (double[][] pair : new double[][][] {{good, wrong}, {wrong, good}}) {
      assertThatThrownBy(() -> PairedComparison.of(pair[0], pair[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("run 2 has the value " + bad);
    }
    assertThatThrownBy(() -> PairedComparison.of(new double[0], new double[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no values");
  }

  @Test
  void differencesLargerThanRoundingAreKept() {
    double[] zeros = new double[3];
    PairedComparison tiny = PairedComparison.of(new double[] {3e-13, 2e-13, 4e-13}, zeros);
    assertThat(tiny.meanDifference()).as("large beside the values").isCloseTo(3e-13, within(1e-24));
    assertThat(PairedComparison.of(new double[] {1 + 4e-13, 1, 1}, new double[] {1, 1, 1}))
        .satisfies(p -> assertThat(p.meanDifference()).as("rounding of 1").isZero());
    assertThat(PairedComparison.of(new double[] {-1 - 3e-12, -1, -1}, new double[] {-1, -1, -1}))
        .satisfies(p -> assertThat(p.meanDifference()).isCloseTo(-1e-12, within(1e-15)));
  }

  /** A difference of −0 would be printed as -0.0000. */
  @Test
  void aDifferenceOfZeroHasNoSign() {
    double[] ones = {1, 1, 1};
    double[] belowByRounding = {1 - 4e-13, 1 - 4e-13, 1 - 4e-13};
    double[] zeros = new double[3];
    double[] minusZeros = {-0.0, -0.0, -0.0};
    for (PairedComparison p :
        List.of(
            PairedComparison.of(belowByRounding, ones), PairedComparison.of(minusZeros, zeros))) {
      assertThat(Double.compare(p.meanDifference(), 0.0)).isZero();
    }
  }

  @Test
  void wilcoxonIsExactWithTies() {
    // Ranks 1.5 1.5 3 4: sums 0, 1.5 (twice), ... ; of 16 choices of signs 3 are at most 1.5.
    PairedComparison p = PairedComparison.of(new double[] {-1, 1, 2, 3}, new double[4]);
    assertThat(p.pWilcoxon()).isCloseTo(6.0 / 16, EXACT);
    // All of equal size and sign: 1 of 2^5 patterns on each side.
    PairedComparison same = PairedComparison.of(new double[] {2, 2, 2, 2, 2}, new double[5]);
    assertThat(same.pWilcoxon()).isCloseTo(2.0 / 32, EXACT);
    // One difference of each sign.
    assertThat(PairedComparison.of(new double[] {1, -1}, new double[2]).pWilcoxon()).isEqualTo(1);
  }

  @Test
  void wilcoxonLeavesOutZeros() {
    PairedComparison without = PairedComparison.of(new double[] {1, 2, -3, 4, 6, 5}, new double[6]);
    PairedComparison with =
        PairedComparison.of(new double[] {0, 1, 2, -3, 4, 0, 6, 5}, new double[8]);
    assertThat(with.pWilcoxon()).isCloseTo(without.pWilcoxon(), EXACT);
  }

  /** Compares with an enumeration of all sign patterns. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 12})
  void wilcoxonWithTiesAgreesWithEnumerationOfAllSigns(int n) {
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
    assertThat(PairedComparison.of(d, new double[n]).pWilcoxon())
        .isCloseTo((double) atLeast / (1 << n), EXACT);
  }

  @Test
  void moreThanTwentyWithTiesAreApproximated() {
    double[] d = new double[24];
    Arrays.fill(d, 0, 16, 1);
    Arrays.fill(d, 16, 24, -1);
    // z = 50 / sqrt(ties) about 1.6.
    assertThat(PairedComparison.of(d, new double[24]).pWilcoxon()).isBetween(0.08, 0.13);
  }
}
