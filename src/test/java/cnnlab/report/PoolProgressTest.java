package cnnlab.report;

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
        decorated ? print(terminal) : null,
        false,
        40,
        () -> TimeUnit.SECONDS.toNanos(seconds));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @Test
  void theBarHasRateAndTimeLeftOfAllTrainings() {
    try (PoolProgress progress = progress(true)) {
      assertThat(progress.left()).isEqualTo("?");
      seconds = 105;
      progress.epochsDone(10);
      assertThat(progress.left()).isEqualTo("15 s");
      progress.line("1/4 done");
    }
    assertThat(terminal.toString(StandardCharsets.UTF_8))
        .contains("trainings  25% ", "2.0 epochs/s  left 15 s")
        .doesNotContain("\n");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("1/4 done");
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
