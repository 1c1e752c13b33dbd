package cnnlab.crosscheck.bound;

import cnnlab.scratch64.layer.ElementwiseMerge;
import java.util.List;

/** Values and bounds of layers with several inputs; see {@link RoundingBounds}. */
final class CombinationBounds {
  private CombinationBounds() {}

  static Bounded combine(ElementwiseMerge.Op op, List<Bounded> in) {
    int length = in.get(0).values().length;
    double[] values = new double[length];
    double[] errors = new double[length];
    for (int i = 0; i < length; i++) {
      switch (op) {
        case ADD -> sum(in, i, values, errors, 1, in.size());
        case SUBTRACT -> sum(in, i, values, errors, -1, in.size());
        // One more rounding error for the division, another for a reciprocal.
        case AVERAGE -> {
          sum(in, i, values, errors, 1, in.size() + 2);
          values[i] /= in.size();
          errors[i] /= in.size();
        }
        case MULTIPLY -> product(in, i, values, errors);
        case MAXIMUM -> maximum(in, i, values, errors);
      }
    }
    return new Bounded(values, errors);
  }

  private static void sum(
      List<Bounded> in, int i, double[] values, double[] errors, int sign, int roundings) {
    double magnitude = 0;
    for (int k = 0; k < in.size(); k++) {
      double x = in.get(k).values()[i];
      double e = in.get(k).errors()[i];
      values[i] += k == 0 ? x : sign * x;
      errors[i] += e;
      magnitude += Math.abs(x) + e;
    }
    errors[i] += RoundingBounds.gamma(roundings) * magnitude + roundings * RoundingBounds.TINY;
  }

  private static void product(List<Bounded> in, int i, double[] values, double[] errors) {
    double largest = 1;
    values[i] = 1;
    for (Bounded factor : in) {
      values[i] *= factor.values()[i];
      largest *= Math.abs(factor.values()[i]) + factor.errors()[i];
    }
    errors[i] =
        largest * (1 + RoundingBounds.gamma(in.size()))
            - Math.abs(values[i])
            + in.size() * RoundingBounds.TINY;
  }

  private static void maximum(List<Bounded> in, int i, double[] values, double[] errors) {
    double high = Double.NEGATIVE_INFINITY;
    double low = Double.NEGATIVE_INFINITY;
    values[i] = Double.NEGATIVE_INFINITY;
    for (Bounded one : in) {
      values[i] = Math.max(values[i], one.values()[i]);
      high = Math.max(high, one.values()[i] + one.errors()[i]);
      low = Math.max(low, one.values()[i] - one.errors()[i]);
    }
    errors[i] = Math.max(high - values[i], values[i] - low);
  }

  static Bounded concatenate(List<Bounded> in, int n) {
    int size = in.stream().mapToInt(b -> b.values().length).sum() / n;
    double[] values = new double[n * size];
    double[] errors = new double[n * size];
    int at = 0;
    for (int image = 0; image < n; image++) {
      for (Bounded part : in) {
        int length = part.values().length / n;
        System.arraycopy(part.values(), image * length, values, at, length);
        System.arraycopy(part.errors(), image * length, errors, at, length);
        at += length;
      }
    }
    return new Bounded(values, errors);
  }
}
