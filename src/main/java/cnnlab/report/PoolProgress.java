package cnnlab.report;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Tells a person how several trainings go that run side by side: lines, and on a terminal one bar
 * for all their epochs. May be used by several threads.
 */
public final class PoolProgress implements AutoCloseable {
  private final PrintStream out;
  private final PrintStream terminal;
  private final boolean unicode;
  private final LongSupplier nanoTime;
  private final long start;
  private final long epochs;
  private long done;
  private Bar bar;

  PoolProgress(
      PrintStream out, PrintStream terminal, boolean unicode, long epochs, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.unicode = unicode;
    this.epochs = epochs;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  /**
   * Begins.
   *
   * @param out receives the lines
   * @param decorated whether to draw the bar on standard output; see {@link Terminal#isDecorated}
   * @param epochs of all trainings that are to be run
   */
  public static PoolProgress start(PrintStream out, boolean decorated, long epochs) {
    return new PoolProgress(
        out,
        decorated ? System.out : null,
        decorated && Terminal.isUnicode(),
        Math.max(1, epochs),
        System::nanoTime);
  }

  /**
   * Some epochs need not be waited for any more.
   *
   * @param count one that was trained, or those that a training that is finished left out
   */
  public synchronized void epochsDone(long count) {
    done += count;
    if (terminal != null && done > 0) {
      if (bar == null) {
        bar = new Bar(terminal, unicode, "trainings", epochs);
      }
      bar.at(done, speed() + "  left " + left());
    }
  }

  /** Prints a line; the bar comes back below it with the next epoch. */
  public synchronized void line(String text) {
    close();
    out.println(text);
    out.flush();
  }

  /** Time left if the rest is as fast as what is done. */
  public synchronized String left() {
    if (done == 0) {
      return "?";
    }
    long seconds = (long) Math.ceil(elapsed() / done * Math.max(0, epochs - done));
    return seconds == 0 ? "0 s" : Numbers.duration(Duration.ofSeconds(seconds));
  }

  private String speed() {
    return String.format(Locale.ROOT, "%,.1f epochs/s", done / Math.max(1e-9, elapsed()));
  }

  private double elapsed() {
    return (nanoTime.getAsLong() - start) * 1e-9;
  }

  /** Removes the bar, if there is one. */
  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
