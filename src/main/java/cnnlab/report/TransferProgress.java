package cnnlab.report;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * Tells a person how transfers of large files go: by a bar on a terminal, by a line now and then
 * elsewhere. One file at a time.
 */
public final class TransferProgress implements AutoCloseable {
  private static final int MEGA = 1_000_000;
  private static final int UPDATE_MILLIS = 500;
  private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();

  private final PrintStream out;
  private final PrintStream terminal;
  private final LongSupplier nanoTime;
  private String current = "";
  private ProgressBar bar;
  private long lastLine;

  /**
   * @param out receives the lines
   * @param terminal receives the bar, or null to draw none
   * @param nanoTime the clock
   */
  TransferProgress(PrintStream out, PrintStream terminal, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  /**
   * Lines, and a bar when standard output is a terminal.
   *
   * @param out receives the lines
   * @param decorated whether to draw the bar on standard output; see {@link Terminal#isDecorated}
   */
  public static TransferProgress start(PrintStream out, boolean decorated) {
    return new TransferProgress(out, decorated ? System.out : null, System::nanoTime);
  }

  /**
   * So much of a file is there.
   *
   * @param name the file's name
   * @param bytes how many bytes
   * @param total of how many
   */
  public void at(String name, long bytes, long total) {
    if (!name.equals(current)) {
      close();
      current = name;
      lastLine = nanoTime.getAsLong();
    }
    if (terminal != null) {
      if (bar == null) {
        bar = newBar(name, bytes, total);
      }
      bar.stepTo(bytes);
    } else if (nanoTime.getAsLong() - lastLine >= LINE_NANOS) {
      lastLine = nanoTime.getAsLong();
      out.printf(
          Locale.ROOT,
          "%s: %,d of %,d MB (%d %%)%n",
          name,
          bytes / MEGA,
          total / MEGA,
          100 * bytes / Math.max(1, total));
      out.flush();
    }
  }

  /** Prints a line, after the bar if there is one. */
  public void line(String text) {
    close();
    out.println(text);
    out.flush();
  }

  private ProgressBar newBar(String name, long bytes, long total) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(total)
        .startsFrom(bytes, Duration.ZERO)
        .setUnit(" MB", MEGA)
        .showSpeed()
        .setUpdateIntervalMillis(UPDATE_MILLIS)
        .setConsumer(new ConsoleProgressBarConsumer(terminal))
        .build();
  }

  /** Ends the bar, if there is one. */
  @Override
  public void close() {
    current = "";
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
