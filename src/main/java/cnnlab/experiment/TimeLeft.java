package cnnlab.experiment;

import cnnlab.report.Numbers;
import java.time.Duration;

/** How long pieces of work of much the same size will still take. */
public final class TimeLeft {
  private final long start = System.nanoTime();
  private final int all;
  private int done;

  /**
   * The clock starts now.
   *
   * @param all how many there are to do
   */
  public TimeLeft(int all) {
    this.all = all;
  }

  /** One more is done. */
  public void oneDone() {
    done++;
  }

  /** How many are not done. */
  public int open() {
    return all - done;
  }

  /** As a person reads it; {@code ?} before the first is done. */
  @Override
  public String toString() {
    return done == 0
        ? "?"
        : Numbers.duration(
            Duration.ofNanos(Math.round((double) (System.nanoTime() - start) / done * open())));
  }
}
