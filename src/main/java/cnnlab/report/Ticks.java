package cnnlab.report;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Round positions (multiples of 1, 2 or 5 times a power of ten) along a linear axis.
 *
 * @param values ascending; at least one
 * @param decimals digits after the point that tell them apart
 */
record Ticks(double[] values, int decimals) {

  private static final double[] ROUND = {1, 2, 5, 10};
  private static final double ROUNDING = 1e-9;
  private static final double CLOSEST = 1e-8;

  /** Whether two values differ in their last digits at most, so that no axis can lie between. */
  static boolean tooClose(double least, double most) {
    return most - least <= CLOSEST * Math.max(Math.abs(most), Math.abs(least));
  }

  /** Room for an axis on each side of values that are too close: a twentieth of them. */
  static double room(double value) {
    return value == 0 ? 1 : 0.05 * Math.abs(value);
  }

  /**
   * The finest round ticks from {@code low} to {@code high} that are not more than {@code most}.
   *
   * @param low below {@code high}, and not {@link #tooClose}; both finite
   * @param most at least 2
   * @throws IllegalArgumentException when there is no room for ticks
   */
  static Ticks between(double low, double high, int most) {
    if (!(high > low) || tooClose(low, high)) {
      throw new IllegalArgumentException(
          "an axis from %s to %s has no room for ticks".formatted(low, high));
    }
    double power = Math.pow(10, Math.floor(Math.log10((high - low) / most)));
    double step = 0;
    for (double round : ROUND) {
      step = round * power;
      if (Math.floor(high / step) - Math.ceil(low / step) + 1 <= most) {
        break;
      }
    }
    long first = (long) Math.ceil(low / step - ROUNDING);
    long last = (long) Math.floor(high / step + ROUNDING);
    double width = step;
    return new Ticks(
        LongStream.rangeClosed(first, last).mapToDouble(i -> i * width).toArray(),
        (int) Math.max(0, -Math.floor(Math.log10(step) + ROUNDING)));
  }

  /** Those between two values; all of them where none is. */
  Ticks within(double least, double most) {
    double[] inside = Arrays.stream(values).filter(v -> v >= least && v <= most).toArray();
    return inside.length == 0 ? this : new Ticks(inside, decimals);
  }

  /** The texts of the values, with as many decimals for all. */
  String text(int index) {
    return Numbers.fixed(values[index] + 0.0, decimals);
  }
}
