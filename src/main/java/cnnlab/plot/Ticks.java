package cnnlab.plot;

import cnnlab.text.Numbers;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Tick marks at round values: multiples of 1, 2 or 5 times a power of ten on a linear axis; powers
 * of ten, possibly with their multiples by 2 and 5 or by 3, on a logarithmic axis.
 *
 * @param values the values, ascending, at least one
 * @param texts the labels of the values
 */
public record Ticks(double[] values, List<String> texts) {

  private static final double[] ROUND = {1, 2, 5, 10};
  private static final double[][] ROUND_FACTORS = {{1, 2, 5}, {1, 3}, {1}};
  private static final double ROUNDING = 1e-9;
  private static final double CLOSEST = 1e-8;
  private static final int DIGITS = 6;

  /**
   * Whether two values differ at most in their last digits, so that they cannot be the ends of an
   * axis.
   */
  static boolean tooClose(double least, double most) {
    return most - least <= CLOSEST * Math.max(Math.abs(most), Math.abs(least));
  }

  /** The margin of an axis around values that are too close: a twentieth of them. */
  static double room(double value) {
    return value == 0 ? 1 : 0.05 * Math.abs(value);
  }

  /**
   * The finest round ticks from {@code low} to {@code high}, at most {@code most}.
   *
   * @param low below {@code high}, and not almost the same; both finite
   * @param most at least 2
   * @throws IllegalArgumentException if there is no room for ticks
   */
  public static Ticks linear(double low, double high, int most) {
    if (!(high > low) || tooClose(low, high)) {
      throw new IllegalArgumentException(
          "an axis from %s to %s has no room for ticks".formatted(low, high));
    }
    double power = Math.pow(10, Math.floor(Math.log10((high - low) / most)));
    double step = 0;
    for (double round : ROUND) {
      step = round * power;
      if (Math.floor(high / step + ROUNDING) - Math.ceil(low / step - ROUNDING) + 1 <= most) {
        break;
      }
    }
    long first = (long) Math.ceil(low / step - ROUNDING);
    long last = (long) Math.floor(high / step + ROUNDING);
    double width = step;
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + ROUNDING));
    double[] values = LongStream.rangeClosed(first, last).mapToDouble(i -> i * width).toArray();
    return new Ticks(
        values,
        DoubleStream.of(values).mapToObj(value -> linearText(value + 0.0, decimals)).toList());
  }

  /** Labels with the same number of decimals for all, and thousands separators. */
  private static String linearText(double value, int decimals) {
    if (decimals > DIGITS && Math.abs(value) < 1e-3 || Math.abs(value) >= 1e9) {
      return text(value);
    }
    return decimals == 0 ? Numbers.count((long) value) : Numbers.fixed(value, decimals);
  }

  /**
   * Round ticks of a logarithmic axis, at most {@code most}; those of a linear axis if the range is
   * too narrow for two.
   *
   * @param low above 0
   * @param high above {@code low}, and not almost the same; finite
   * @param most at least 2
   * @throws IllegalArgumentException if there is no room for ticks
   */
  public static Ticks logarithmic(double low, double high, int most) {
    if (!(low > 0)) {
      throw new IllegalArgumentException("a logarithmic axis cannot start at %s".formatted(low));
    }
    for (double[] factors : ROUND_FACTORS) {
      double[] values = multiples(low, high, factors);
      if (values.length <= most) {
        return values.length < 2
            ? linear(low, high, most)
            : new Ticks(values, DoubleStream.of(values).mapToObj(Ticks::text).toList());
      }
    }
    double[] powers = multiples(low, high, new double[] {1});
    int stride = (powers.length + most - 1) / most;
    double[] values =
        IntStream.range(0, powers.length)
            .filter(i -> i % stride == 0)
            .mapToDouble(i -> powers[i])
            .toArray();
    return new Ticks(values, DoubleStream.of(values).mapToObj(Ticks::text).toList());
  }

  private static double[] multiples(double low, double high, double[] factors) {
    int first = (int) Math.floor(Math.log10(low));
    int last = (int) Math.ceil(Math.log10(high));
    return IntStream.rangeClosed(first, last)
        .boxed()
        .flatMapToDouble(
            power -> Arrays.stream(factors).map(f -> Double.parseDouble(f + "e" + power)))
        .filter(v -> v >= low * (1 - ROUNDING) && v <= high * (1 + ROUNDING))
        .toArray();
  }

  /** Ticks at given values, such as the measured ones. */
  static Ticks at(double[] values) {
    return new Ticks(values, DoubleStream.of(values).mapToObj(Ticks::text).toList());
  }

  /** The ticks between two values; all ticks if there are none between them. */
  Ticks within(double least, double most) {
    int[] inside =
        IntStream.range(0, values.length)
            .filter(i -> values[i] >= least && values[i] <= most)
            .toArray();
    return inside.length == 0
        ? this
        : new Ticks(
            Arrays.stream(inside).mapToDouble(i -> values[i]).toArray(),
            Arrays.stream(inside).mapToObj(texts::get).toList());
  }

  /** A number with six significant digits at most: {@code 0.08}, {@code 60,000}, {@code 1e-7}. */
  static String text(double value) {
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    if (size >= 1000 && size < 1e9 && value == Math.rint(value)) {
      return Numbers.count((long) value);
    }
    BigDecimal rounded =
        BigDecimal.valueOf(value).round(new MathContext(DIGITS)).stripTrailingZeros();
    boolean readable = size >= 1e-3 && size < 1e7;
    return readable
        ? rounded.toPlainString()
        : rounded.unscaledValue().abs().toString().length() == 1
            ? rounded.unscaledValue() + "e" + -rounded.scale()
            : rounded.toString().replace("E+", "e").replace('E', 'e');
  }
}
