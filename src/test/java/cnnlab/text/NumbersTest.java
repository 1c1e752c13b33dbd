package cnnlab.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @Test
  void smallSharesAreNotZero() {
    assertThat(Numbers.share(0)).isEqualTo("0");
    assertThat(Numbers.share(1e-5)).isEqualTo("< 0.01 %");
    assertThat(Numbers.share(0.3375)).isEqualTo("33.75 %");
    assertThat(Numbers.share(Double.POSITIVE_INFINITY)).isEqualTo("inf");
    assertThat(Numbers.figure(1)).isEqualTo("1");
    assertThat(Numbers.figure(1e-3)).isEqualTo("1.000e-3");
  }

  @Test
  void oneIsSingular() {
    assertThat(Numbers.counted(1, "thread")).isEqualTo("1 thread");
    assertThat(Numbers.counted(0, "thread")).isEqualTo("0 threads");
    assertThat(Numbers.counted(2000, "thread")).isEqualTo("2,000 threads");
  }

  @ParameterizedTest
  @CsvSource({
    "0.10342, 0.1034",
    "0.1, 0.1",
    "12.3456, 12.35",
    "999.96, 1000",
    "54321.6, 54322",
    "0.001, 0.001",
    "0.00099999, 1.000e-3",
    "-0.25, -0.25",
    "0, 0",
    "NaN, NaN",
    "-Infinity, -inf"
  })
  void fourSignificantDigits(double value, String expected) {
    assertThat(Numbers.significant(value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"8.3141e-5, 8.314e-5", "-2e-6, -2.000e-6", "12345678, 1.235e7", "1, 1.000e0"})
  void scientific(double value, String expected) {
    assertThat(Numbers.scientific(value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "840, 840 ms",
    "3240, 3.2 s",
    "9949, 9.9 s",
    "9951, 10 s",
    "42000, 42 s",
    "59700, 1 min 00 s",
    "72000, 1 min 12 s",
    "3599600, 1 h 00 min",
    "7500000, 2 h 05 min",
    "-42000, -42 s"
  })
  void durations(long millis, String expected) {
    assertThat(Numbers.duration(Duration.ofMillis(millis))).isEqualTo(expected);
  }

  @Test
  void doNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(Numbers.percent(0.98123)).isEqualTo("98.12 %");
      assertThat(Numbers.count(60_000)).isEqualTo("60,000");
      assertThat(Numbers.fixed(0.971, 4)).isEqualTo("0.9710");
      assertThat(Numbers.scientific(8.314e-5)).isEqualTo("8.314e-5");
      assertThat(Numbers.significant(1.5)).isEqualTo("1.5");
    } finally {
      Locale.setDefault(before);
    }
  }
}
