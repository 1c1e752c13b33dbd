package cnnlab.onnx.layer;

import cnnlab.model.shape.Resampling;
import cnnlab.onnx.read.Limits;
import cnnlab.onnx.read.OnnxNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/** Values along an axis as weighted sums of others; one factor of 1 selects. */
final class Sampling {
  private static final int MOST_SIDE = 1 << 16;
  private static final int MOST_MATRIX = 1 << 24;

  private Sampling() {}

  /**
   * For each value along an axis what it is made of.
   *
   * @param at indices along the axis of the input
   * @param factors of the values at these indices
   */
  record Axis(int[][] at, double[][] factors) {
    /** One value each; a negative index gives zero. */
    static Axis selecting(int count, IntUnaryOperator index) {
      int[][] at = new int[count][];
      double[][] factors = new double[count][];
      for (int i = 0; i < count; i++) {
        int k = index.applyAsInt(i);
        at[i] = k < 0 ? new int[0] : new int[] {k};
        factors[i] = k < 0 ? new double[0] : new double[] {1};
      }
      return new Axis(at, factors);
    }

    static Axis identity(int size) {
      return selecting(size, i -> i);
    }

    int size() {
      return at.length;
    }

    /** Whether every value is copied from one, at a multiple of the output's index or a part. */
    boolean selects(IntUnaryOperator index) {
      for (int i = 0; i < at.length; i++) {
        if (at[i].length != 1 || at[i][0] != index.applyAsInt(i) || factors[i][0] != 1) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Adds what the axes say.
   *
   * @param axes by their index in x, not the batch
   */
  static Live apply(Call call, String name, Live x, Map<Integer, Axis> axes) {
    Live at = x;
    Map<Integer, Axis> left = new TreeMap<>(axes);
    left.entrySet().removeIf(e -> isIdentity(e.getValue(), x.shape()[e.getKey()]));
    for (int step = 0; !left.isEmpty(); step++) {
      for (Map.Entry<Integer, Axis> e : left.entrySet()) {
        call.requireExample(x, e.getKey());
        if (e.getValue().size() > MOST_SIDE || e.getValue().size() < 1) {
          throw call.node()
              .fault(
                  "an axis of %d values; expected 1 to %d"
                      .formatted(e.getValue().size(), MOST_SIDE));
        }
      }
      at = call.graph().layouts().withPlace(call.name(), at, left.keySet().iterator().next());
      List<Integer> sizes = new ArrayList<>(at.sizes());
      Axis[] places = {Axis.identity(at.height()), Axis.identity(at.width())};
      for (int axis : List.copyOf(left.keySet())) {
        int place = at.axes().get(axis);
        if (place >= Live.HEIGHT) {
          places[place - Live.HEIGHT] = left.remove(axis);
          sizes.set(place - 1, places[place - Live.HEIGHT].size());
        }
      }
      requireTaps(call, places);
      requireMatrix(call, at.height(), places[0]);
      requireMatrix(call, at.width(), places[1]);
      Resampling made =
          new Resampling(
              new long[] {at.height(), at.width()},
              places[0].at,
              places[0].factors,
              places[1].at,
              places[1].factors);
      Live out = new Live("", sizes, at.axes());
      at = call.graph().preprocess(step == 0 ? name : name + ".more", made, out, at);
    }
    return at;
  }

  private static boolean isIdentity(Axis axis, long size) {
    return axis.size() == size && axis.selects(i -> i);
  }

  /** DL4J multiplies with a matrix. */
  private static void requireMatrix(Call call, int size, Axis axis) {
    if (!isIdentity(axis, size)) {
      requireMatrix(call.node(), size, axis.size());
    }
  }

  /** Requires that an axis can be computed as a product with a matrix. */
  static void requireMatrix(OnnxNode node, long in, long out) {
    if (in * out > MOST_MATRIX) {
      throw node.fault(
          "an axis of %d becomes one of %d; supported is a product of at most %d"
              .formatted(in, out, MOST_MATRIX));
    }
  }

  private static void requireTaps(Call call, Axis... places) {
    long taps = 0;
    for (Axis axis : places) {
      taps += Arrays.stream(axis.at).mapToLong(a -> a.length).sum();
    }
    if (taps > Limits.SAMPLES) {
      throw call.node()
          .fault("%,d factors along its axes; at most %,d".formatted(taps, Limits.SAMPLES));
    }
  }
}
