package cnnlab.onnx.layer;

import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.window.Sliding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Converts pooling, and means and maxima over whole images. */
final class Poolings {
  /** Operators after which an image of one value per channel is still one. */
  private static final Set<String> KEEP =
      Set.of(
          "Relu",
          "Sigmoid",
          "HardSigmoid",
          "HardSwish",
          "Clip",
          "Identity",
          "Dropout",
          "Tanh",
          "LeakyRelu",
          "Elu",
          "Selu",
          "Gelu",
          "Softplus",
          "Mish",
          "PRelu");

  /** Operators that need an image. */
  private static final Set<String> IMAGES =
      Set.of(
          "Conv",
          "ConvTranspose",
          "MaxPool",
          "AveragePool",
          "Resize",
          "Upsample",
          "Pad",
          "Mul",
          "Add",
          "Concat",
          "BatchNormalization");

  /** Values of a window that become a selection each. */
  private static final int MOST_SELECTIONS = 64;

  private Poolings() {}

  static Live max(Call call) {
    call.node().ignore("storage_order");
    return pool(call, PoolingType.MAX, false);
  }

  static Live average(Call call) {
    return pool(call, PoolingType.AVG, call.node().flag("count_include_pad", false));
  }

  private static Live pool(Call call, PoolingType type, boolean countPadding) {
    OnnxNode node = call.node();
    call.requireOneOutput();
    Live x = call.image(0);
    long[] kernel = node.integers("kernel_shape");
    if (kernel == null || kernel.length != x.rank() - 2) {
      throw node.fault("kernel_shape", Arrays.toString(kernel), (x.rank() - 2) + " sizes");
    }
    Sliding.Pair window = Sliding.of(node, kernel, x.height(), x.width());
    boolean count = countPadding && padded(node);
    boolean plain =
        window.rows().dilation() == 1
            && window.columns().dilation() == 1
            && !window.reachesBeyond();
    if (plain && accepted(window) && !(count && overhangs(node, window))) {
      if (!count || window.symmetric()) {
        return add(call, call.name(), type, window, count, x);
      }
      Live from = Convolutions.pad(call, call.name() + ".pad", window.padding(), x);
      return add(call, call.name(), type, window.padded(), false, from);
    }
    return type == PoolingType.AVG ? sums(call, window, countPadding, x) : largest(call, window, x);
  }

  private static boolean accepted(Sliding.Pair window) {
    return window.symmetric() || window.same();
  }

  /** A mean as a weighted sum of rows and columns: any padding, gaps, and any last window. */
  private static Live sums(Call call, Sliding.Pair window, boolean count, Live x) {
    long[] pads = call.node().integers("pads");
    int rank = x.rank() - 2;
    Sampling.Axis rows =
        mean(call, window.rows(), x.height(), rank < 2 || pads == null ? 0 : pads[rank], count);
    Sampling.Axis columns =
        mean(call, window.columns(), x.width(), pads == null ? 0 : pads[2 * rank - 1], count);
    return Sampling.apply(call, call.name(), x, places(x, rows, columns));
  }

  private static Map<Integer, Sampling.Axis> places(
      Live x, Sampling.Axis rows, Sampling.Axis columns) {
    Map<Integer, Sampling.Axis> axes = new TreeMap<>();
    axes.put(x.rank() - 1, columns);
    if (x.rank() == 4) {
      axes.put(2, rows);
    }
    return axes;
  }

  private static Sampling.Axis mean(
      Call call, Sliding window, int size, long after, boolean count) {
    boolean same = call.node().text("auto_pad", "NOTSET").startsWith("SAME");
    long end = size + (same ? Math.max(0, window.after()) : after);
    int[][] at = new int[window.out()][];
    double[][] factors = new double[window.out()][];
    for (int i = 0; i < at.length; i++) {
      int[] all = window.positions(i);
      at[i] = Arrays.stream(all).filter(k -> k >= 0 && k < size).toArray();
      // Padding counts if asked for, but not what a last window covers beyond it.
      long divisor = count ? Arrays.stream(all).filter(k -> k < end).count() : at[i].length;
      factors[i] = new double[at[i].length];
      Arrays.fill(factors[i], 1.0 / Math.max(1, divisor));
    }
    return new Sampling.Axis(at, factors);
  }

  /**
   * A maximum over the rows, then over the columns, of as many selections as the window has: where
   * a window covers padding, the selection has another value of the window.
   */
  private static Live largest(Call call, Sliding.Pair window, Live x) {
    Live rows = x.rank() < 4 ? x : largest(call, call.name() + ".rows", window.rows(), x, 2);
    return largest(call, call.name(), window.columns(), rows, x.rank() - 1);
  }

  private static Live largest(Call call, String name, Sliding window, Live x, int axis) {
    int size = (int) x.shape()[axis];
    int[][] inside = new int[window.out()][];
    for (int i = 0; i < inside.length; i++) {
      inside[i] = Arrays.stream(window.positions(i)).filter(k -> k >= 0 && k < size).toArray();
      if (inside[i].length == 0) {
        throw call.node().fault("a window lies in the padding alone, where nothing is largest");
      }
    }
    int most = Arrays.stream(inside).mapToInt(w -> w.length).max().orElse(1);
    if (most > MOST_SELECTIONS) {
      throw call.node()
          .fault(
              "a window of %d with this padding; at most %d is supported"
                  .formatted(most, MOST_SELECTIONS));
    }
    List<Live> parts = new ArrayList<>();
    for (int k = 0; k < most; k++) {
      int place = k;
      parts.add(
          Sampling.apply(
              call,
              name + ".part" + k,
              x,
              Map.of(
                  axis,
                  Sampling.Axis.selecting(
                      inside.length, i -> inside[i][Math.min(place, inside[i].length - 1)]))));
    }
    return parts.size() == 1
        ? parts.get(0)
        : call.graph()
            .vertex(
                name,
                new ElementWiseVertex(ElementWiseVertex.Op.Max),
                parts.get(0),
                parts.toArray(Live[]::new));
  }

  private static Live add(
      Call call, String name, PoolingType type, Sliding.Pair window, boolean count, Live from) {
    SubsamplingLayer made =
        new SubsamplingLayer.Builder(type)
            .kernelSize(window.kernel())
            .stride(window.stride())
            .convolutionMode(Convolutions.mode(window))
            .padding(Convolutions.padding(window))
            .build();
    made.setAvgPoolIncludePadInDivisor(count);
    return call.graph().layer(name, made, Convolutions.positions(window, from), from);
  }

  private static boolean padded(OnnxNode node) {
    long[] pads = node.integers("pads");
    return !node.text("auto_pad", "NOTSET").equals("VALID")
        && (pads == null
            ? !node.text("auto_pad", "NOTSET").equals("NOTSET")
            : Arrays.stream(pads).anyMatch(p -> p != 0));
  }

  /** Whether a last window ends beyond the padding, which ONNX does not count in a mean. */
  private static boolean overhangs(OnnxNode node, Sliding.Pair window) {
    long[] pads = node.integers("pads");
    if (pads == null) {
      return false;
    }
    int rank = pads.length / 2;
    return rank > 1 && window.rows().after() > pads[rank]
        || window.columns().after() > pads[pads.length - 1];
  }

  static Live globalMax(Call call) {
    return whole(call, call.name(), PoolingType.MAX, true, call.image(0));
  }

  static Live globalAverage(Call call) {
    return whole(call, call.name(), PoolingType.AVG, true, call.image(0));
  }

  /**
   * Pools whole images. The result is an image when something reads it as one, else a vector.
   *
   * @param x the images with the axes that the result has
   */
  static Live whole(Call call, String name, PoolingType type, boolean keep, Live x) {
    if (keep && imageWanted(call, call.node().output(), 0)) {
      Live out = new Live("", List.of(x.channels(), 1, 1), x.axes());
      return call.graph()
          .layer(
              name,
              new SubsamplingLayer.Builder(type)
                  .kernelSize(x.height(), x.width())
                  .stride(x.height(), x.width())
                  .build(),
              out,
              x);
    }
    List<Integer> axes = x.axes().stream().map(a -> a > Live.CHANNELS ? Live.UNIT : a).toList();
    Live out = new Live("", List.of(x.channels()), axes);
    return call.graph().layer(name, new GlobalPoolingLayer(type), out, x);
  }

  private static boolean imageWanted(Call call, String name, int depth) {
    return depth < 16
        && call.file().consumers(name).stream()
            .anyMatch(
                n ->
                    IMAGES.contains(n.operator())
                        || KEEP.contains(n.operator()) && imageWanted(call, n.output(), depth + 1));
  }
}
