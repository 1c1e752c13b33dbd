package cnnlab.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Locale;

/**
 * Formats numbers for people, identically in every locale. Machine-readable files (CSV, JSON) do
 * not use this class: they keep full precision.
 */
public final class Numbers {

  private static final int DIGITS = 4;
  private static final double SMALLEST_PLAIN = 1e-3;
  private static final double LARGEST_PLAIN = 1e6;
  private static final double LARGEST_COUNT = 1e9;

  /** Two decimals of a percentage. */
  private static final double SMALLEST_SHARE = 1e-4;

  /** Stands in for an interval that needs more runs. */
  public static final String TOO_FEW = "n too small";

  private Numbers() {}

  /**
   * Four significant digits: {@code 0.1034}, {@code 12.35}; digits before the point are never
   * rounded away ({@code 54321}). Scientific notation below 1e-3 and from 1e6.
   *
   * @return also {@code 0}, {@code NaN}, {@code inf} and {@code -inf}
   */
  public static String significant(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return special(value);
    }
    double size = Math.abs(value);
    if (size < SMALLEST_PLAIN || size >= LARGEST_PLAIN) {
      return scientific(value);
    }
    int digitsBeforePoint = (int) Math.floor(Math.log10(size)) + 1;
    BigDecimal exact = BigDecimal.valueOf(value);
    return exact.round(new MathContext(Math.max(DIGITS, digitsBeforePoint))).toPlainString();
  }

  /** Four significant digits with an exponent: {@code 8.314e-5}. */
  public static String scientific(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return special(value);
    }
    String text = String.format(Locale.ROOT, "%.3e", value);
    int e = text.indexOf('e');
    return text.substring(0, e) + "e" + Integer.parseInt(text.substring(e + 1));
  }

  /**
   * A fixed number of decimals, such as {@code 0.9710}.
   *
   * @param decimals digits after the point, 0 or more
   */
  public static String fixed(double value, int decimals) {
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, "%." + decimals + "f", value)
        : special(value);
  }

  /**
   * A fraction as a percentage with two decimals: 0.9812 is {@code 98.12 %}.
   *
   * @param fraction usually in 0..1
   */
  public static String percent(double fraction) {
    return Double.isFinite(fraction) ? fixed(100 * fraction, 2) + " %" : special(fraction);
  }

  /**
   * The used share of a bound, as {@link #percent}; a tiny positive share is {@code < 0.01 %}, not
   * zero.
   *
   * @param share 0 if none of it is used
   */
  public static String share(double share) {
    if (share == 0) {
      return "0";
    }
    return share > 0 && share < SMALLEST_SHARE ? "< 0.01 %" : percent(share);
  }

  /**
   * A number that may be a count: whole numbers as {@link #count}, others as {@link #scientific}.
   */
  public static String figure(double value) {
    return value == Math.rint(value) && Math.abs(value) < LARGEST_COUNT
        ? count((long) value)
        : scientific(value);
  }

  /**
   * A number of things: {@code 1 thread}, {@code 2,000 threads}.
   *
   * @param noun in the singular; the plural must end in s
   */
  public static String counted(long value, String noun) {
    return count(value) + " " + noun + (value == 1 ? "" : "s");
  }

  /** A whole number in groups of three: {@code 60,000}. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /**
   * A duration in its one or two largest units: {@code 840 ms}, {@code 3.2 s}, {@code 42 s}, {@code
   * 1 min 12 s}, {@code 2 h 05 min}.
   */
  public static String duration(Duration duration) {
    if (duration.isNegative()) {
      return "-" + duration(duration.negated());
    }
    long millis = duration.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 9950) {
      return fixed(millis / 1000.0, 1) + " s";
    }
    long seconds = Math.round(millis / 1000.0);
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
    }
    long minutes = Math.round(seconds / 60.0);
    return String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60);
  }

  /** An interval [low, high] as text; {@link #TOO_FEW} if both ends are NaN. */
  public static String interval(double[] interval, int decimals) {
    return Double.isNaN(interval[0])
        ? TOO_FEW
        : "%s to %s".formatted(fixed(interval[0], decimals), fixed(interval[1], decimals));
  }

  /**
   * A standard deviation as a table cell.
   *
   * @param sd NaN for a single run; the cell is then empty
   */
  public static String spread(double sd, int decimals) {
    return Double.isNaN(sd) ? "" : fixed(sd, decimals);
  }

  private static String special(double value) {
    if (value == 0) {
      return "0";
    }
    if (Double.isNaN(value)) {
      return "NaN";
    }
    return value > 0 ? "inf" : "-inf";
  }
}
