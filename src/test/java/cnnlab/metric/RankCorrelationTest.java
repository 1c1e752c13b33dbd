package cnnlab.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankCorrelationTest {
  @Test
  void isOneForTheSameOrder() {
    double[] x = {1, 2, 3, 10};
    assertThat(RankCorrelation.spearman(x, new double[] {1, 4, 9, 9.5})).isEqualTo(1);
    assertThat(RankCorrelation.spearman(x, new double[] {0, -1, -2, -30})).isEqualTo(-1);
  }

  /** Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: covariance 4.5 of variances 4.5 and 5. */
  @Test
  void equalValuesShareTheirMeanRank() {
    assertThat(RankCorrelation.spearman(new double[] {0, 5, 5, 6}, new double[] {1, 3, 2, 4}))
        .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
  }

  @Test
  void isNotDefinedWithoutAnOrder() {
    assertThat(RankCorrelation.spearman(new double[] {3, 3, 3}, new double[] {1, 2, 3})).isNaN();
    assertThat(RankCorrelation.spearman(new double[] {1, 2, 3}, new double[] {0, 0, 0})).isNaN();
    assertThatThrownBy(() -> RankCorrelation.spearman(new double[2], new double[3]))
        .hasMessageContaining("2 and 3 values");
    assertThatThrownBy(() -> RankCorrelation.spearman(new double[1], new double[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> RankCorrelation.spearman(new double[] {1, Double.NaN}, new double[] {1, 2}))
        .hasMessageContaining("NaN");
  }
}
