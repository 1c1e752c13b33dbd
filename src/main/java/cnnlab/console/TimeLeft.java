package cnnlab.console;

import cnnlab.text.Numbers;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Estimates the remaining time of some work from its speed so far. The first seconds, in which Java
 * compiles the loops, are left out, and there is no estimate until enough is measured: one from the
 * first batch would be wrong by a factor of fifty.
 */
final class TimeLeft {
  /** The text if there is no estimate yet. */
  static final String UNKNOWN = "?";

  private static final double WARM_UP_SECONDS = 2;
  private static final double ENOUGH_SECONDS = 3;

  /** After this time the warm-up no longer matters; for work whose steps are longer than it. */
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
   * @param total the amount of work, in any unit
   * @param before the amount done earlier, by another process
   */
  TimeLeft(LongSupplier nanoTime, double total, double before) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.total = total;
    this.base = before;
    this.done = before;
  }

  /** Sets the amount of finished work, including earlier work. */
  void at(double amount) {
    done = amount;
    long now = nanoTime.getAsLong();
    if (Double.isNaN(warmBase) && done > base && seconds(start, now) >= WARM_UP_SECONDS) {
      warmBase = done;
      warmAt = now;
    }
  }

  /** Adds an amount of work that was skipped and took no time. */
  void skip(double amount) {
    done += amount;
    base += amount;
    warmBase += amount;
  }

  /** Seconds since the start. */
  double elapsed() {
    return seconds(start, nanoTime.getAsLong());
  }

  /** The amount done since the start, without skipped work. */
  double worked() {
    return done - base;
  }

  /**
   * The time left in whole seconds: {@code 42 s}, {@code 0 s} if all is done, {@link #UNKNOWN} if
   * there is no estimate yet.
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
    // The last bit of a double must not add a second.
    long seconds = (long) Math.ceil(rest / perSecond - 1e-6);
    return seconds < 10 ? seconds + " s" : Numbers.duration(Duration.ofSeconds(seconds));
  }

  private static double seconds(long from, long to) {
    return (to - from) * 1e-9;
  }
}
