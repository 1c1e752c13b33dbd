package cnnlab.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TransferProgressTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private long now;

  private TransferProgress progress(boolean isTerminal) {
    return new TransferProgress(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        isTerminal
            ? new Screen(
                new PrintStream(terminal, true, StandardCharsets.UTF_8),
                false,
                () -> 80,
                this::nanos)
            : null,
        this::nanos);
  }

  private long nanos() {
    return TimeUnit.SECONDS.toNanos(now);
  }

  private void at(TransferProgress progress, long second, String name, long mega) {
    now = second;
    progress.at(name, mega * 1_000_000, 2_000_000_000);
  }

  @Test
  void showsALineEveryTenSecondsWithoutATerminal() {
    try (TransferProgress progress = progress(false)) {
      at(progress, 100, "a.gz", 100);
      at(progress, 109, "a.gz", 200);
      at(progress, 110, "a.gz", 300);
      at(progress, 111, "a.gz", 1100);
      at(progress, 121, "a.gz", 1300);
      progress.line("a.gz: complete");
    }
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "a.gz: 300 of 2,000 MB (15 %)", "a.gz: 1,300 of 2,000 MB (65 %)", "a.gz: complete");
  }

  @Test
  void drawsABarOnATerminal() {
    try (TransferProgress progress = progress(true)) {
      at(progress, 0, "a.gz", 500);
      at(progress, 60, "a.gz", 1000);
      progress.line("a.gz: complete");
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("a.gz: complete");
    assertThat(terminal.toString(StandardCharsets.UTF_8))
        .contains("a.gz  50% ", "8.3 MB/s  1,000 of 2,000 MB  left 2 min 00 s");
  }
}
