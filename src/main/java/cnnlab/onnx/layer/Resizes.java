package cnnlab.onnx.layer;

import cnnlab.model.shape.BilinearResize;
import cnnlab.onnx.layer.Sampling.Axis;
import cnnlab.onnx.read.Folding;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;

/**
 * Converts Resize, by the formulas of <a
 * href="https://onnx.ai/onnx/operators/onnx__Resize.html">ONNX</a>: each axis alone, every value a
 * weighted sum of its neighbours.
 */
final class Resizes {
  private static final int MOST_SIDE = 1 << 16;
  private static final double EXACT = 1e-9;

  private Resizes() {}

  /**
   * One axis.
   *
   * @param in size of the input
   * @param out size of the output
   * @param scale out / in, or the given one
   * @param begin where the region of interest begins, as a part of the axis
   * @param end where it ends
   */
  private record Side(int in, int out, double scale, double begin, double end) {}

  static Live resize(Call call) {
    OnnxNode node = call.node();
    Live x = call.live(0);
    long[] axes = node.integers("axes");
    int count = axes == null ? x.rank() : axes.length;
    long[] sizes = call.has(3) && call.constant(3).size() > 0 ? call.integers(3) : null;
    float[] scales = call.has(2) && call.constant(2).size() > 0 ? call.constant(2).floats() : null;
    if ((sizes == null) == (scales == null)
        || (sizes == null ? scales.length : sizes.length) != count) {
      throw node.fault("expected one size or one scale for each of %d axes".formatted(count));
    }
    String transform = node.text("coordinate_transformation_mode", "half_pixel");
    Tensor roi = transform.equals("tf_crop_and_resize") && call.has(1) ? call.constant(1) : null;
    if (roi != null && roi.size() != 2 * count) {
      throw node.fault("roi has %d numbers; expected %d".formatted(roi.size(), 2 * count));
    }
    Map<Integer, Side> sides = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int axis = Folding.axis(node, axes == null ? i : axes[i], x.rank());
      double begin = roi == null ? 0 : roi.at(i);
      double end = roi == null ? 1 : roi.at(i + count);
      if (axis == 0) {
        boolean same =
            sizes == null ? scales[i] == 1 : sizes[i] == Tensor.BATCH || isBatch(call, sizes[i]);
        if (!same) {
          throw node.fault("it changes the number of examples, which is not supported");
        }
        continue;
      }
      int in = (int) x.shape()[axis];
      double scale = sizes == null ? scales[i] : (double) sizes[i] / in;
      long out =
          sizes == null ? (long) Math.floor(in * (end - begin) * (double) scales[i]) : sizes[i];
      requireSide(node, out);
      Sampling.requireMatrix(node, in, out);
      sides.put(axis, new Side(in, (int) out, scale, begin, end));
    }
    return resized(call, x, transform, policy(node, sides, sizes != null));
  }

  private static boolean isBatch(Call call, long size) {
    return size == call.graph().batch();
  }

  private static void requireSide(OnnxNode node, long out) {
    if (out < 1 || out > MOST_SIDE) {
      throw node.fault("a side of %d; expected 1 to %d".formatted(out, MOST_SIDE));
    }
  }

  /** Sizes with the aspect ratio kept. */
  private static Map<Integer, Side> policy(OnnxNode node, Map<Integer, Side> sides, boolean sizes) {
    String policy = node.text("keep_aspect_ratio_policy", "stretch");
    if (policy.equals("stretch") || !sizes) {
      return sides;
    }
    boolean smaller = policy.equals("not_larger");
    if (!smaller && !policy.equals("not_smaller")) {
      throw node.fault("keep_aspect_ratio_policy", policy, "stretch, not_larger or not_smaller");
    }
    var scales = sides.values().stream().mapToDouble(Side::scale);
    double scale = (smaller ? scales.min() : scales.max()).orElse(1);
    Map<Integer, Side> made = new TreeMap<>();
    sides.forEach(
        (axis, s) -> {
          long out = (long) Math.floor(scale * s.in + 0.5);
          requireSide(node, out);
          made.put(axis, new Side(s.in, (int) out, scale, s.begin, s.end));
        });
    return made;
  }

  private static Live resized(Call call, Live x, String transform, Map<Integer, Side> sides) {
    OnnxNode node = call.node();
    Kernel kernel = Kernel.of(node);
    boolean antialias = node.flag("antialias", false);
    boolean exclude = node.flag("exclude_outside", false);
    double outside = node.number("extrapolation_value", 0);
    boolean crops = transform.equals("tf_crop_and_resize");
    Map<Integer, Axis> axes = new TreeMap<>();
    sides.forEach(
        (axis, side) -> axes.put(axis, kernel.along(node, side, transform, antialias, exclude)));
    if (crops && outside != 0) {
      float value = (float) outside;
      Live moved =
          call.graph().affine(call.name() + ".moved", new float[] {1}, new float[] {-value}, x);
      Live made = Sampling.apply(call, call.name() + ".crop", moved, axes);
      return call.graph().affine(call.name(), new float[] {1}, new float[] {value}, made);
    }
    Live image = known(call, x, transform, kernel, antialias, axes);
    return image != null ? image : Sampling.apply(call, call.name(), x, axes);
  }

  /** Whole multiples by repetition, and linear interpolation between centres: as other layers. */
  private static Live known(
      Call call,
      Live x,
      String transform,
      Kernel kernel,
      boolean antialias,
      Map<Integer, Axis> axes) {
    if (x.isVector() || x.axes().contains(Live.UNIT)) {
      return null;
    }
    int[] in = {x.channels(), x.height(), x.width()};
    int[] out = in.clone();
    boolean linear = kernel.mode.equals("linear") && transform.equals("half_pixel") && !antialias;
    boolean repeats = kernel.mode.equals("nearest");
    for (Map.Entry<Integer, Axis> e : axes.entrySet()) {
      int place = x.axes().get(e.getKey()) - 1;
      int size = e.getValue().size();
      out[place] = size;
      int factor = size / in[place];
      repeats &= factor * in[place] == size && e.getValue().selects(i -> i / factor);
    }
    boolean places = out[0] == in[0] && !Arrays.equals(in, out);
    Live made = new Live("", Arrays.stream(out).boxed().toList(), x.axes());
    if (places && repeats) {
      int[] size = {out[1] / in[1], out[2] / in[2]};
      return call.graph()
          .layer(call.name(), new Upsampling2D.Builder().size(size).build(), made, x);
    } else if (places && linear && kernel.exact) {
      long[] from = {in[1], in[2]};
      return call.graph()
          .preprocess(call.name(), new BilinearResize(from, new long[] {out[1], out[2]}), made, x);
    }
    return null;
  }

  /** What neighbours count, by their distance. */
  private static final class Kernel {
    final String mode;
    private final String rounding;
    private final double a;

    /** Whether all scales are the ratios of the sizes. */
    private boolean exact = true;

    private Kernel(String mode, String rounding, double a) {
      this.mode = mode;
      this.rounding = rounding;
      this.a = a;
    }

    static Kernel of(OnnxNode node) {
      String mode = node.text("mode", "nearest");
      if (!mode.equals("nearest") && !mode.equals("linear") && !mode.equals("cubic")) {
        throw node.fault("mode", mode, "nearest, linear or cubic");
      }
      return new Kernel(
          mode,
          node.text("nearest_mode", "round_prefer_floor"),
          node.number("cubic_coeff_a", -0.75));
    }

    Axis along(OnnxNode node, Side side, String transform, boolean antialias, boolean exclude) {
      exact &= Math.abs(side.scale * side.in - side.out) < EXACT * side.out;
      int[][] at = new int[side.out][];
      double[][] factors = new double[side.out][];
      for (int i = 0; i < side.out; i++) {
        double source = source(node, side, transform, i);
        boolean outside =
            transform.equals("tf_crop_and_resize") && (source < 0 || source > side.in - 1);
        double[] all =
            outside
                ? new double[side.in]
                : mode.equals("nearest")
                    ? nearest(node, side, source)
                    : weighted(side, source, antialias ? Math.min(1, side.scale) : 1, exclude);
        at[i] = java.util.stream.IntStream.range(0, all.length).filter(k -> all[k] != 0).toArray();
        factors[i] = Arrays.stream(at[i]).mapToDouble(k -> all[k]).toArray();
      }
      return new Axis(at, factors);
    }

    /** Where an output lies in the input. */
    private static double source(OnnxNode node, Side s, String transform, int i) {
      double length = s.scale * s.in;
      return switch (transform) {
        case "half_pixel" -> (i + 0.5) / s.scale - 0.5;
        case "half_pixel_symmetric" ->
            s.in / 2.0 * (1 - s.out / length) + (i + 0.5) / s.scale - 0.5;
        case "pytorch_half_pixel" -> length > 1 ? (i + 0.5) / s.scale - 0.5 : 0;
        case "align_corners" -> length == 1 ? 0 : i * (s.in - 1.0) / (length - 1);
        case "asymmetric" -> i / s.scale;
        case "tf_crop_and_resize" ->
            s.out > 1
                ? s.begin * (s.in - 1) + i * (s.end - s.begin) * (s.in - 1) / (s.out - 1)
                : 0.5 * (s.begin + s.end) * (s.in - 1);
        default ->
            throw node.fault(
                "coordinate_transformation_mode",
                transform,
                "half_pixel, half_pixel_symmetric, pytorch_half_pixel, align_corners, asymmetric or tf_crop_and_resize");
      };
    }

    private double[] nearest(OnnxNode node, Side s, double source) {
      double down = Math.floor(source);
      double rounded =
          switch (rounding) {
            case "floor" -> down;
            case "ceil" -> Math.ceil(source);
            case "round_prefer_floor" -> Math.ceil(source - 0.5);
            case "round_prefer_ceil" -> Math.floor(source + 0.5);
            default ->
                throw node.fault(
                    "nearest_mode",
                    rounding,
                    "floor, ceil, round_prefer_floor or round_prefer_ceil");
          };
      double[] all = new double[s.in];
      all[(int) Math.max(0, Math.min(s.in - 1, rounded))] = 1;
      return all;
    }

    /** Neighbours outside count for the last one inside, or not at all. */
    private double[] weighted(Side s, double source, double stretch, boolean exclude) {
      int reach = (int) Math.ceil((mode.equals("cubic") ? 2 : 1) / stretch) + 1;
      int middle = (int) Math.floor(source);
      double[] all = new double[s.in];
      double sum = 0;
      for (int k = middle - reach; k <= middle + reach; k++) {
        double w = weight(Math.abs(source - k) * stretch);
        if (w != 0 && !(exclude && (k < 0 || k >= s.in))) {
          all[Math.max(0, Math.min(s.in - 1, k))] += w;
          sum += w;
        }
      }
      for (int k = 0; k < all.length; k++) {
        all[k] /= sum;
      }
      return all;
    }

    private double weight(double d) {
      if (mode.equals("linear")) {
        return Math.max(0, 1 - d);
      }
      return d <= 1
          ? ((a + 2) * d - (a + 3)) * d * d + 1
          : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }
  }
}
