package cnnlab.sweep.space;

import cnnlab.plot.Ticks;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * An axis of numbers between two inclusive ends. Numbers that are not integers are rounded to four
 * significant digits, so that configurations stay readable.
 *
 * @param name the key
 * @param low the smallest number
 * @param high the largest number, above {@code low}
 * @param logarithmic whether the axis is logarithmic
 * @param whole whether it contains only integers
 * @param steps number of levels, including the ends; 0 for all numbers
 */
record NumberAxis(
    String name, double low, double high, boolean logarithmic, boolean whole, int steps)
    implements Axis {
  static final String STEPS = "steps";
  static final List<String> KINDS = List.of("range", "log", "integers", "logIntegers");

  private static final MathContext DIGITS = new MathContext(4);
  private static final int MOST_MARKS = 6;

  /**
   * Reads an axis.
   *
   * @param kind one of {@link #KINDS}
   * @param ends should be a list of two numbers
   * @param steps should be an integer of at least 2, or null
   * @throws IllegalArgumentException if they are not
   */
  static NumberAxis of(String key, String kind, Object ends, Object steps) {
    boolean whole = kind.equals("integers") || kind.equals("logIntegers");
    boolean logarithmic = kind.startsWith("log");
    if (!(ends instanceof List<?> two)
        || two.size() != 2
        || !(two.get(0) instanceof Number low)
        || !(two.get(1) instanceof Number high)
        || whole && !(low instanceof Integer && high instanceof Integer)
        || !(low.doubleValue() < high.doubleValue())
        || logarithmic && !(low.doubleValue() > 0)) {
      throw new IllegalArgumentException(
          "space: %s: %s is %s; expected [low, high], two %s with %slow < high"
              .formatted(
                  key, kind, ends, whole ? "integers" : "numbers", logarithmic ? "0 < " : ""));
    }
    long all = whole ? high.longValue() - low.longValue() + 1 : Integer.MAX_VALUE;
    if (steps != null && !(steps instanceof Integer n && n >= 2 && n <= all)) {
      throw new IllegalArgumentException(
          "space: %s: steps is %s; expected an integer of at least 2%s"
              .formatted(key, steps, whole ? " and at most " + all : ""));
    }
    int count =
        steps != null
            ? (Integer) steps
            : whole && !logarithmic ? (int) Math.min(all, Integer.MAX_VALUE) : 0;
    NumberAxis axis =
        new NumberAxis(key, low.doubleValue(), high.doubleValue(), logarithmic, whole, count);
    if (steps != null && axis.distinct() < count) {
      throw new IllegalArgumentException(
          "space: %s: steps is %d, which gives the same number twice; expected at most %d"
              .formatted(key, count, axis.distinct()));
    }
    return axis;
  }

  private long distinct() {
    return IntStream.range(0, steps).mapToObj(i -> step(i).text()).distinct().count();
  }

  @Override
  public Level step(int step) {
    return level(between((double) step / (steps - 1)));
  }

  @Override
  public Level at(double u) {
    if (steps > 0) {
      return step((int) (u * steps));
    }
    // Each integer, including the largest, gets its share of a logarithmic axis.
    return level(whole ? Math.floor(interpolate(low, high + 1, u)) : between(u));
  }

  @Override
  public boolean ordered() {
    return true;
  }

  /** Evenly spaced levels of an axis with steps; otherwise round numbers. */
  @Override
  public List<Level> marks() {
    if (steps > 0) {
      int stride = (steps - 1) / MOST_MARKS + 1;
      return IntStream.range(0, steps)
          .filter(i -> i % stride == 0)
          .mapToObj(this::step)
          .distinct()
          .toList();
    }
    Ticks ticks =
        logarithmic
            ? Ticks.logarithmic(low, high, MOST_MARKS)
            : Ticks.linear(low, high, MOST_MARKS);
    return IntStream.range(0, ticks.values().length)
        .mapToObj(i -> new Level(ticks.texts().get(i), place(ticks.values()[i]), Map.of()))
        .toList();
  }

  private double between(double share) {
    return interpolate(low, high, share);
  }

  private double interpolate(double from, double to, double share) {
    return logarithmic ? from * Math.pow(to / from, share) : from + share * (to - from);
  }

  private Level level(double exact) {
    double near = whole ? Math.rint(exact) : BigDecimal.valueOf(exact).round(DIGITS).doubleValue();
    double value = Math.max(low, Math.min(high, near));
    Object number = whole ? (Object) (int) value : (Object) value;
    return new Level(text(number), place(value), Map.of(name, number));
  }

  private double place(double value) {
    return logarithmic
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }

  /** {@code 3e-4} and {@code 2} for 3.0E-4 and 2.0. */
  private static String text(Object number) {
    return String.valueOf(number).replaceFirst("\\.0(?=E|$)", "").replace('E', 'e');
  }
}
