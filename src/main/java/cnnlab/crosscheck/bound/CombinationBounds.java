package cnnlab.crosscheck.bound;

import cnnlab.scratch64.layer.ElementwiseMerge;
import cnnlab.scratch64.layer.Shape;
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

  /**
   * The product of matrices.
   *
   * @param shapes of the inputs [K, B, M] and [P, B, K]
   */
  static Bounded product(List<Shape> shapes, List<Bounded> in, int n) {
    Shape a = shapes.get(0);
    int inner = a.channels();
    int rows = a.height();
    int columns = shapes.get(1).channels();
    double[] values = new double[n * columns * a.plane()];
    double[] errors = new double[values.length];
    double g = 1 + RoundingBounds.gamma(inner);
    for (int i = 0; i < values.length; i++) {
      int m = i % a.width();
      int r = i / a.width() % rows;
      int p = i / a.plane() % columns;
      int image = i / a.plane() / columns;
      for (int k = 0; k < inner; k++) {
        int atA = ((image * inner + k) * rows + r) * a.width() + m;
        int atB = ((image * columns + p) * rows + r) * inner + k;
        double x = in.get(0).values()[atA];
        double y = in.get(1).values()[atB];
        double largest =
            (Math.abs(x) + in.get(0).errors()[atA]) * (Math.abs(y) + in.get(1).errors()[atB]);
        values[i] += x * y;
        errors[i] += largest * g - Math.abs(x * y);
      }
      errors[i] += (inner + 1) * RoundingBounds.TINY;
    }
    return new Bounded(values, errors);
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
