package cnnlab.report;

import static org.assertj.core.api.Assertions.assertThat;
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
}
