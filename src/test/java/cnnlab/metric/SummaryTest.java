package cnnlab.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.text.Numbers;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SummaryTest {
  private static final Offset<Double> EXACT = within(1e-12);
  private static final double[] REPORT = {0.8867, 0.9187, 0.9341, 0.9426, 0.9057};

  @Test
  void fiveRunsOfTheLabReport() {
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
  void inputArraysAreNotModified() {
    double[] values = {3, 1, 2};
    assertThat(Summary.of(values, 1).median()).isEqualTo(2);
    Summary.medianRun(values);
    PairedComparison.of(values, values);
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
    PairedComparison p = PairedComparison.of(new double[] {0.9}, new double[] {0.8});
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
  void theMedianRunIsOneOfTheRuns() {
    assertThat(Summary.medianRun(REPORT)).isEqualTo(1);
    assertThat(Summary.medianRun(new double[] {4, 1, 3, 2})).isEqualTo(3);
    assertThat(Summary.medianRun(new double[] {1, 2, 2})).isEqualTo(1);
    assertThat(Summary.medianRun(new double[] {7})).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void nonFiniteValuesAreRefused(double bad) {
    double[] values = {1, bad};
    assertThatThrownBy(() -> Summary.of(values, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("run 1");
    assertThatThrownBy(() -> PairedComparison.of(new double[2], values))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Summary.medianRun(values))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twoRunsHaveNoInterval() {
    Summary s = Summary.of(new double[] {0.82, 0.692}, 1, Scale.PROPORTION);
    assertThat(s.sd()).isCloseTo(0.0905, within(1e-4));
    assertThat(s.ci95()).containsOnly(Double.NaN);
    assertThat(s.bootstrap95()).containsOnly(Double.NaN);
    assertThat(Numbers.interval(s.ci95(), 4)).isEqualTo("n too small");
    PairedComparison p = PairedComparison.of(new double[] {0.9, 0.8}, new double[] {0.1, 0.1});
    assertThat(p.ci95()).containsOnly(Double.NaN);
    assertThat(p.verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void intervalsOfAccuraciesStayWithinTheirBounds() {
    double[] wide = {1, 1, 0.4};
    double[] interval = Summary.of(wide, 1, Scale.PROPORTION).ci95();
    assertThat(interval[0]).isBetween(0.0, 0.8);
    assertThat(interval[1]).isBetween(0.8, 1.0);
    double[] difference =
        PairedComparison.of(wide, new double[] {0, 0.1, 0.3}, Scale.PROPORTION).ci95();
    assertThat(difference[0]).isGreaterThanOrEqualTo(-1);
    assertThat(difference[1]).isEqualTo(1);
  }

  @Test
  void emptyArraysAndUnequalLengthsAreRefused() {
    assertThatThrownBy(() -> Summary.of(new double[0], 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PairedComparison.of(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 and 3");
    assertThatThrownBy(() -> Summary.medianRun(new double[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void spreadOfOneRunIsEmpty() {
    assertThat(Numbers.spread(Summary.of(new double[] {0.5}, 1).sd(), 4)).isEmpty();
    assertThat(Numbers.spread(0.01234, 4)).isEqualTo("0.0123");
  }
}
