package cnnlab.console;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Progress of several trainings that run in parallel: lines, and on a terminal one bar for all
 * their epochs. Thread-safe.
 */
public final class PoolProgress implements AutoCloseable {
  private final PrintStream out;
  private final Screen screen;
  private final TimeLeft timeLeft;
  private final long epochs;
  private long done;
  private TerminalBar bar;

  /**
   * @param screen where the bar is drawn, or null to draw none
   */
  PoolProgress(PrintStream out, Screen screen, long epochs, LongSupplier nanoTime) {
    this.out = out;
    this.screen = screen;
    this.epochs = epochs;
    this.timeLeft = new TimeLeft(nanoTime, epochs, 0);
  }

  /**
   * Starts the clock.
   *
   * @param out receives the lines
   * @param decorated whether to draw the bar on standard output; see {@link Terminal#isDecorated}
   * @param epochs the number of epochs of all trainings
   */
  public static PoolProgress start(PrintStream out, boolean decorated, long epochs) {
    return new PoolProgress(
        out, decorated ? Screen.standard() : null, Math.max(1, epochs), System::nanoTime);
  }

  /** Counts epochs that have been trained since the last call. */
  public synchronized void epochsDone(long count) {
    done += count;
    timeLeft.at(done);
    draw();
  }

  /**
   * Counts epochs that will not be trained in this process: those trained before the run was
   * resumed, and those left out by early stopping.
   */
  public synchronized void epochsSkipped(long count) {
    done += count;
    timeLeft.skip(count);
    draw();
  }

  private void draw() {
    if (screen != null && done > 0) {
      if (bar == null) {
        bar = new TerminalBar(screen, "trainings", epochs);
      }
      bar.at(done, speed(), "left " + left());
    }
  }

  /** Prints a line; the bar reappears below it with the next epoch. */
  public synchronized void line(String text) {
    close();
    out.println(text);
    out.flush();
  }

  /** Time left at the speed so far; {@code ?} if it is not known yet. */
  public synchronized String left() {
    return timeLeft.left();
  }

  private String speed() {
    double perSecond = timeLeft.worked() / Math.max(1e-9, timeLeft.elapsed());
    // Epochs of a large network take longer than a second.
    return perSecond >= 1
        ? String.format(Locale.ROOT, "%,.1f epochs/s", perSecond)
        : String.format(Locale.ROOT, "%,.1f epochs/min", 60 * perSecond);
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
