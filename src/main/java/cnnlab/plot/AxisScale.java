package cnnlab.plot;

import java.util.stream.DoubleStream;

/**
 * Which values an axis spans, and where it is marked.
 *
 * @param low at the beginning
 * @param high at the end
 * @param logarithmic whether steps are factors; {@code low} is then above 0
 * @param ticks what is marked
 */
record AxisScale(double low, double high, boolean logarithmic, Ticks ticks) {
  private static final double PADDING = 0.06;

  /**
   * Around all finite values (on a logarithmic axis all that are above 0), with a little room on
   * both sides.
   *
   * @param most ticks at most
   */
  static AxisScale around(DoubleStream values, boolean logarithmic, int most) {
    double[] shown = values.filter(v -> isShown(v, logarithmic)).toArray();
    double least = DoubleStream.of(shown).min().orElse(logarithmic ? 1 : 0);
    double largest = DoubleStream.of(shown).max().orElse(logarithmic ? 10 : 1);
    boolean same = Ticks.tooClose(least, largest);
    if (logarithmic) {
      double factor = same ? 2 : Math.pow(largest / least, PADDING);
      double low = least / factor;
      double high = largest * factor;
      return new AxisScale(low, high, true, Ticks.logarithmic(low, high, most));
    }
    double padding = same ? Ticks.room(largest) : PADDING * (largest - least);
    double low = least - padding;
    double high = largest + padding;
    Ticks ticks = Ticks.linear(low, high, most);
    if (least >= 0 && largest <= 1) {
      // Scores have no values beyond, though dots at the ends have room.
      ticks = ticks.within(0, 1);
    }
    return new AxisScale(low, high, false, ticks);
  }

  /** The same span with other ticks. */
  AxisScale marked(Ticks other) {
    return new AxisScale(low, high, logarithmic, other);
  }

  /** Whether a value has a place on such an axis. */
  static boolean isShown(double value, boolean logarithmic) {
    return Double.isFinite(value) && (!logarithmic || value > 0);
  }

  /** Where a value stands: 0 at the beginning, 1 at the end, NaN where it has no place. */
  double share(double value) {
    if (!isShown(value, logarithmic)) {
      return Double.NaN;
    }
    return logarithmic
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }
}
