package cnnlab.console;

import cnnlab.text.Numbers;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long the rest of some work takes, judged by its speed so far. The first seconds, in which
 * Java compiles the loops that it runs, are left out, and nothing is said until there is enough to
 * judge by: a guess from the first batch is wrong by a factor of fifty.
 */
final class TimeLeft {
  /** What is said as long as it is not known. */
  static final String UNKNOWN = "?";

  private static final double WARM_UP_SECONDS = 2;
  private static final double ENOUGH_SECONDS = 3;

  /** After so long the warm-up is a small part; for work whose steps are longer than it. */
  private static final double LONG_SECONDS = 60;

  private final LongSupplier nanoTime;
  private final long start;
  private final double total;
  private double base;
  private double done;
  private long warmAt;
  private double warmBase = Double.NaN;

  /**
   * Starts the clock.
   *
   * @param total how much there is to do, in any unit
   * @param before how much of it was done earlier, by another process
   */
  TimeLeft(LongSupplier nanoTime, double total, double before) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.total = total;
    this.base = before;
    this.done = before;
  }

  /** So much is done in all. */
  void at(double amount) {
    done = amount;
    long now = nanoTime.getAsLong();
    if (Double.isNaN(warmBase) && done > base && seconds(start, now) >= WARM_UP_SECONDS) {
      warmBase = done;
      warmAt = now;
    }
  }

  /** So much more need not be done, and took no time. */
  void skip(double amount) {
    done += amount;
    base += amount;
    warmBase += amount;
  }

  /** Seconds since the start. */
  double elapsed() {
    return seconds(start, nanoTime.getAsLong());
  }

  /** How much was done since the start, without what was skipped. */
  double worked() {
    return done - base;
  }

  /**
   * The time left, in whole seconds, as an estimate is no better: {@code 42 s}, {@code 0 s} when
   * all is done, {@link #UNKNOWN} before it can be judged.
   */
  String left() {
    double rest = Math.max(0, total - done);
    if (rest == 0) {
      return "0 s";
    }
    long now = nanoTime.getAsLong();
    double perSecond = Double.NaN;
    if (done > warmBase && seconds(warmAt, now) >= ENOUGH_SECONDS) {
      perSecond = (done - warmBase) / seconds(warmAt, now);
    } else if (done > base && seconds(start, now) >= LONG_SECONDS) {
      perSecond = (done - base) / seconds(start, now);
    }
    if (Double.isNaN(perSecond)) {
      return UNKNOWN;
    }
    // A second more for the last bit of a double would be one too many.
    long seconds = (long) Math.ceil(rest / perSecond - 1e-6);
    return seconds < 10 ? seconds + " s" : Numbers.duration(Duration.ofSeconds(seconds));
  }

  private static double seconds(long from, long to) {
    return (to - from) * 1e-9;
  }
}
