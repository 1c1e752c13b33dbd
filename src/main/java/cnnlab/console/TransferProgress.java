package cnnlab.console;

import cnnlab.text.Numbers;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows the progress of transfers of large files: a bar on a terminal, a line every ten seconds
 * elsewhere. One file at a time.
 */
public final class TransferProgress implements AutoCloseable {
  private static final int MEGA = 1_000_000;
  private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();

  private final PrintStream out;
  private final Screen screen;
  private final LongSupplier nanoTime;
  private String current = "";
  private TerminalBar bar;
  private TimeLeft timeLeft;
  private long lastLine;

  /**
   * @param out receives the lines
   * @param screen where the bar is drawn, or null to draw none
   * @param nanoTime the clock
   */
  TransferProgress(PrintStream out, Screen screen, LongSupplier nanoTime) {
    this.out = out;
    this.screen = screen;
    this.nanoTime = nanoTime;
  }

  /**
   * Lines, and a bar when standard output is a terminal.
   *
   * @param out receives the lines
   * @param decorated whether to draw the bar on standard output; see {@link Terminal#isDecorated}
   */
  public static TransferProgress start(PrintStream out, boolean decorated) {
    return new TransferProgress(out, decorated ? Screen.standard() : null, System::nanoTime);
  }

  /**
   * Reports how much of a file has been transferred.
   *
   * @param name the file's name
   * @param bytes number of bytes transferred
   * @param total size of the file in bytes
   */
  public void at(String name, long bytes, long total) {
    if (!name.equals(current)) {
      close();
      current = name;
      lastLine = nanoTime.getAsLong();
    }
    if (screen != null) {
      draw(name, bytes, total);
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

  /** Prints a line in place of the bar, if there is one. */
  public void line(String text) {
    close();
    out.println(text);
    out.flush();
  }

  private void draw(String name, long bytes, long total) {
    if (bar == null) {
      bar = new TerminalBar(screen, name, Math.max(1, total));
      timeLeft = new TimeLeft(nanoTime, total, bytes);
    }
    timeLeft.at(bytes);
    double perSecond = timeLeft.worked() / MEGA / Math.max(1e-9, timeLeft.elapsed());
    bar.at(
        bytes,
        Numbers.fixed(perSecond, 1) + " MB/s",
        Numbers.count(bytes / MEGA) + " of " + Numbers.count(total / MEGA) + " MB",
        "left " + timeLeft.left());
  }

  /** Removes the bar, if there is one. */
  @Override
  public void close() {
    current = "";
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
