package cnnlab.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TicksTest {
  @Test
  void ticksAreRoundWithEqualDecimals() {
    Ticks ticks = Ticks.linear(0.883, 0.947, 8);
    assertThat(ticks.values())
        .containsExactly(new double[] {0.89, 0.9, 0.91, 0.92, 0.93, 0.94}, within(1e-12));
    assertThat(ticks.texts().get(1)).isEqualTo("0.90");
  }

  @Test
  void endsAreIncludedAndZeroHasNoSign() {
    Ticks ticks = Ticks.linear(-20, 20, 5);
    assertThat(ticks.values()).containsExactly(-20, -10, 0, 10, 20);
    assertThat(ticks.texts().get(2)).isEqualTo("0");
    assertThat(Ticks.linear(0, 5e-4, 6).texts().get(1)).isEqualTo("0.0001");
  }

  @Test
  void scoreAxesEndAtOne() {
    assertThat(Ticks.linear(-0.06, 1.06, 8).within(0, 1).values())
        .containsExactly(new double[] {0, 0.2, 0.4, 0.6, 0.8, 1}, within(1e-12));
    assertThat(Ticks.linear(2, 3, 8).within(0, 1).values()).isNotEmpty();
  }

  @Test
  void theClosestValidEndsHaveTicksAndCloserOnesAreRefused() {
    Ticks ticks = Ticks.linear(0.9, 0.9 + 2e-8, 8);
    assertThat(ticks.values().length).isBetween(2, 8);
    for (double tick : ticks.values()) {
      assertThat(tick).isBetween(0.9 - 1e-9, 0.9 + 3e-8);
    }
    assertThatThrownBy(() -> Ticks.linear(0.9, 0.9000000000000001, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no room for ticks");
  }

  @Test
  void logarithmicTicksAreRoundToo() {
    assertThat(Ticks.logarithmic(3e-4, 0.01, 6).texts())
        .containsExactly("5e-4", "0.001", "0.002", "0.005", "0.01");
    assertThat(Ticks.logarithmic(1e-9, 2e-6, 8).texts())
        .containsExactly("1e-9", "3e-9", "1e-8", "3e-8", "1e-7", "3e-7", "1e-6");
    assertThat(Ticks.logarithmic(80, 2e6, 6).texts())
        .containsExactly("100", "1,000", "10,000", "100,000", "1,000,000");
    assertThat(Ticks.logarithmic(1e-20, 1, 6).values().length).isBetween(2, 6);
    assertThat(Ticks.logarithmic(2.1, 4.9, 6).texts())
        .containsExactly("2.5", "3.0", "3.5", "4.0", "4.5");
    assertThatThrownBy(() -> Ticks.logarithmic(0, 1, 6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("logarithmic");
  }

  @Test
  void textsAreWrittenInFull() {
    assertThat(Ticks.text(0.08)).isEqualTo("0.08");
    assertThat(Ticks.text(0.1 + 0.2)).isEqualTo("0.3");
    assertThat(Ticks.text(0)).isEqualTo("0");
    assertThat(Ticks.text(-20)).isEqualTo("-20");
    assertThat(Ticks.text(1024)).isEqualTo("1,024");
    assertThat(Ticks.text(2.5e-7)).isEqualTo("2.5e-7");
    assertThat(Ticks.text(3e-4)).isEqualTo("3e-4");
    assertThat(Ticks.text(1e12)).isEqualTo("1e12");
  }
}
