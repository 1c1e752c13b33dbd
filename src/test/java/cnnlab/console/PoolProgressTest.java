package cnnlab.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PoolProgressTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private long seconds = 100;

  private PoolProgress progress(boolean decorated) {
    return new PoolProgress(
        print(out),
        decorated ? new Screen(print(terminal), false, () -> 80, this::nanos) : null,
        40,
        this::nanos);
  }

  private long nanos() {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @Test
  void theBarHasRateAndTimeLeftOfAllTrainings() {
    try (PoolProgress progress = progress(true)) {
      assertThat(progress.left()).isEqualTo("?");
      seconds = 105;
      progress.epochsDone(5);
      seconds = 110;
      progress.epochsDone(5);
      assertThat(progress.left()).isEqualTo("30 s");
      progress.line("1/4 done");
    }
    assertThat(terminal.toString(StandardCharsets.UTF_8))
        .contains("trainings  25% ", "1.0 epochs/s  left 30 s")
        .doesNotContain("\n");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("1/4 done");
  }

  /** Ten epochs in ten seconds, whatever was trained before or left out. */
  @Test
  void epochsThatTookNoTimeDoNotCountAsSpeed() {
    try (PoolProgress progress = progress(true)) {
      progress.epochsSkipped(20);
      seconds = 105;
      progress.epochsDone(5);
      seconds = 110;
      progress.epochsDone(5);
      assertThat(progress.left()).isEqualTo("10 s");
      progress.epochsSkipped(5);
      assertThat(progress.left()).isEqualTo("5 s");
      seconds = 120;
      progress.epochsSkipped(5);
      assertThat(progress.left()).isEqualTo("0 s");
    }
  }

  @Test
  void withoutATerminalThereAreLinesAlone() {
    try (PoolProgress progress = progress(false)) {
      progress.epochsDone(10);
      progress.line("1/4 done");
    }
    assertThat(terminal.size()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualToIgnoringNewLines("1/4 done")
        .doesNotContain("\u001b");
  }
}
