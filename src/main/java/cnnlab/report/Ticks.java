package cnnlab.report;

import java.util.stream.IntStream;

/**
 * Round positions (multiples of 1, 2 or 5 times a power of ten) along a linear axis.
 *
 * @param values ascending; at least one
 * @param decimals digits after the point that tell them apart
 */
record Ticks(double[] values, int decimals) {

  private static final double[] ROUND = {1, 2, 5, 10};
  private static final double ROUNDING = 1e-9;

  /**
   * The finest round ticks from {@code low} to {@code high} that are not more than {@code most}.
   *
   * @param low below {@code high}; both finite
   * @param most at least 2
   */
  static Ticks between(double low, double high, int most) {
    double power = Math.pow(10, Math.floor(Math.log10((high - low) / most)));
    double step = 0;
    for (double round : ROUND) {
      step = round * power;
      if (Math.floor(high / step) - Math.ceil(low / step) + 1 <= most) {
        break;
      }
    }
    int first = (int) Math.ceil(low / step - ROUNDING);
    int last = (int) Math.floor(high / step + ROUNDING);
    double width = step;
    return new Ticks(
        IntStream.rangeClosed(first, last).mapToDouble(i -> i * width).toArray(),
        (int) Math.max(0, -Math.floor(Math.log10(step) + ROUNDING)));
  }

  /** The texts of the values, with as many decimals for all. */
  String text(int index) {
    return Numbers.fixed(values[index] + 0.0, decimals);
  }
}
