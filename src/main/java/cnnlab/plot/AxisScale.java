package cnnlab.plot;

import java.util.stream.DoubleStream;

/**
 * The range of an axis and its tick marks.
 *
 * @param low the value at the beginning
 * @param high the value at the end
 * @param logarithmic whether the axis is logarithmic; {@code low} is then above 0
 * @param ticks the tick marks
 */
record AxisScale(double low, double high, boolean logarithmic, Ticks ticks) {
  private static final double PADDING = 0.06;

  /**
   * An axis for all finite values (on a logarithmic axis, all positive finite values), with a
   * margin on both sides.
   *
   * @param most largest number of ticks
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
      // The axis of a score ends at its bounds; dots at the ends still have room.
      ticks = ticks.within(0, 1);
    }
    return new AxisScale(low, high, false, ticks);
  }

  /** The same range with other ticks. */
  AxisScale marked(Ticks other) {
    return new AxisScale(low, high, logarithmic, other);
  }

  /** Whether a value can be shown on such an axis. */
  static boolean isShown(double value, boolean logarithmic) {
    return Double.isFinite(value) && (!logarithmic || value > 0);
  }

  /** The position of a value: 0 at the beginning, 1 at the end, NaN if it cannot be shown. */
  double share(double value) {
    if (!isShown(value, logarithmic)) {
      return Double.NaN;
    }
    return logarithmic
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }
}
