package cnnlab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TicksTest {
  @Test
  void ticksAreRoundAndEquallyLongTexts() {
    Ticks ticks = Ticks.between(0.883, 0.947, 8);
    assertThat(ticks.values())
        .containsExactly(new double[] {0.89, 0.9, 0.91, 0.92, 0.93, 0.94}, within(1e-12));
    assertThat(ticks.text(1)).isEqualTo("0.90");
  }

  @Test
  void theEndsCountAndZeroHasNoSign() {
    Ticks ticks = Ticks.between(-20, 20, 5);
    assertThat(ticks.values()).containsExactly(-20, -10, 0, 10, 20);
    assertThat(ticks.text(2)).isEqualTo("0");
    assertThat(Ticks.between(0, 5e-4, 6).text(1)).isEqualTo("0.0001");
  }

  @Test
  void anAxisOfScoresEndsAtOne() {
    assertThat(Ticks.between(-0.06, 1.06, 8).within(0, 1).values())
        .containsExactly(new double[] {0, 0.2, 0.4, 0.6, 0.8, 1}, within(1e-12));
    assertThat(Ticks.between(2, 3, 8).within(0, 1).values()).isNotEmpty();
  }

  @Test
  void theClosestEndsHaveTicksBetweenThemAndCloserOnesAreRefused() {
    Ticks ticks = Ticks.between(0.9, 0.9 + 2e-8, 8);
    assertThat(ticks.values().length).isBetween(2, 8);
    for (double tick : ticks.values()) {
      assertThat(tick).isBetween(0.9 - 1e-9, 0.9 + 3e-8);
    }
    assertThatThrownBy(() -> Ticks.between(0.9, 0.9000000000000001, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no room for ticks");
  }
}
