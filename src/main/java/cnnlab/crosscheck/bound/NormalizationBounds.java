package cnnlab.crosscheck.bound;

import cnnlab.scratch64.layer.GroupNorm;
import cnnlab.scratch64.layer.Shape;

/**
 * Bounds of group and layer normalisation. With n values in a set, d = x − mean, and bounds e of x:
 *
 * <pre>
 *   mean is off by     m = mean of (e + γₙ₊₁(|x| + e))
 *   d is off by        f = e + m + u(|d| + e + m)
 *   var is off by      v = mean of (2|d|f + f²) + γₙ₊₂ · mean of (|d| + f)²
 *   y is off by        |gamma| · ((|d| + f)(1 + γ₈) / √(max(var − v, 0) + eps) − |d| / √(var + eps)) + γ₄|beta|
 * </pre>
 */
final class NormalizationBounds {
  private static final int FEW = 4;
  private static final int SOME = 8;

  private NormalizationBounds() {}

  /**
   * @param norm the layer
   * @param parameters gamma [C] and beta [C]
   * @param in shape of the input
   * @param input its values and bounds [n, C, H, W]
   * @param y the layer's values in double precision
   */
  static Bounded of(GroupNorm norm, double[] parameters, Shape in, Bounded input, double[] y) {
    double[] errors = new double[y.length];
    int values = norm.setSize(in);
    int perGroup = norm.channels() / norm.groups();
    int step = norm.everyPosition() ? in.plane() : 1;
    int starts = norm.everyPosition() ? in.plane() : 1;
    for (int group = 0; group * perGroup * in.plane() < y.length; group++) {
      int firstChannel = group % norm.groups() * perGroup;
      for (int start = 0; start < starts; start++) {
        int begin = group * perGroup * in.plane() + start;
        Spread spread = Spread.of(input, begin, step, values);
        double low = Math.sqrt(Math.max(spread.variance - spread.varianceError, 0) + norm.eps());
        double exact = Math.sqrt(spread.variance + norm.eps());
        for (int k = 0; k < values; k++) {
          int at = begin + k * step;
          int c = firstChannel + (norm.everyPosition() ? k : k / in.plane());
          double d = Math.abs(input.values()[at] - spread.mean);
          double most = (d + spread.deviation(d, input.errors()[at])) / low;
          double gamma = Math.abs(parameters[c]);
          double beta = Math.abs(parameters[norm.channels() + c]);
          errors[at] =
              gamma * (most * (1 + RoundingBounds.gamma(SOME)) - d / exact)
                  + RoundingBounds.gamma(FEW) * (beta + gamma * most)
                  + SOME * RoundingBounds.TINY;
        }
      }
    }
    return new Bounded(y, errors);
  }

  /** Mean and variance of a set, and what they may be off by. */
  private record Spread(double mean, double meanError, double variance, double varianceError) {
    static Spread of(Bounded in, int begin, int step, int n) {
      double mean = 0;
      double off = 0;
      double g = RoundingBounds.gamma(n + 1L);
      for (int k = 0; k < n; k++) {
        double x = in.values()[begin + k * step];
        double e = in.errors()[begin + k * step];
        mean += x / n;
        off += (e + g * (Math.abs(x) + e)) / n;
      }
      Spread known = new Spread(mean, off, 0, 0);
      double variance = 0;
      double error = 0;
      double h = RoundingBounds.gamma(n + 2L);
      for (int k = 0; k < n; k++) {
        double d = Math.abs(in.values()[begin + k * step] - mean);
        double f = known.deviation(d, in.errors()[begin + k * step]);
        variance += d * d / n;
        error += (2 * d * f + f * f + h * (d + f) * (d + f)) / n;
      }
      return new Spread(mean, off, variance, error);
    }

    /** What a deviation from the mean may be off by. */
    double deviation(double d, double e) {
      return e + meanError + RoundingBounds.U * (d + e + meanError);
    }
  }
}
