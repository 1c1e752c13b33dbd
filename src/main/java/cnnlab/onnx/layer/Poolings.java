package cnnlab.onnx.layer;

import cnnlab.onnx.read.Folding;
import cnnlab.onnx.read.OnnxFault;
import cnnlab.onnx.read.OnnxNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
    if (window.rows().dilation() != 1 || window.columns().dilation() != 1) {
      throw node.fault("dilations", Arrays.toString(window.dilation()), "1");
    }
    boolean count = countPadding && padded(node);
    Live from = x;
    if (count && !window.symmetric()) {
      requireNoOverhang(call, window, x);
      from = Convolutions.pad(call, call.name() + ".pad", window.padding(), x);
      window = window.padded();
    } else if (count) {
      requireNoOverhang(call, window, x);
    } else if (!accepted(window)) {
      // A maximum or mean over rows and then over columns is the same.
      if (!accepted(window.alongRows()) || !accepted(window.alongColumns())) {
        throw refused(node, window, x);
      }
      Live rows = add(call, call.name() + ".rows", type, window.alongRows(), false, x);
      return add(call, call.name(), type, window.alongColumns(), false, rows);
    }
    return add(call, call.name(), type, window, count, from);
  }

  private static boolean accepted(Sliding.Pair window) {
    return window.symmetric() || window.same();
  }

  private static OnnxFault refused(OnnxNode node, Sliding.Pair window, Live x) {
    return node.fault(
        "padding of %s (top, left, bottom, right) on %s, with the last window: only padding of the same size on both sides, or SAME_UPPER, is supported in pooling"
            .formatted(
                List.of(
                    window.rows().before(),
                    window.columns().before(),
                    window.rows().after(),
                    window.columns().after()),
                x.text()));
  }

  private static Live add(
      Call call, String name, PoolingType type, Sliding.Pair window, boolean count, Live from) {
    if (window.reachesBeyond()) {
      throw call.node()
          .fault("a window lies in the padding alone; expected padding below the window");
    }
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

  /** ONNX counts the padding in a mean, but not what a last window covers beyond it. */
  private static void requireNoOverhang(Call call, Sliding.Pair window, Live x) {
    long[] pads = call.node().integers("pads");
    if (pads == null) {
      return;
    }
    int rank = pads.length / 2;
    boolean rows = rank > 1 && window.rows().after() > pads[rank];
    if (rows || window.columns().after() > pads[pads.length - 1]) {
      throw call.node()
          .fault(
              "ceil_mode with count_include_pad: the last window ends beyond the padding of %s; this mean is not supported"
                  .formatted(x.text()));
    }
  }

  static Live globalMax(Call call) {
    return whole(call, PoolingType.MAX, true, call.image(0));
  }

  static Live globalAverage(Call call) {
    return whole(call, PoolingType.AVG, true, call.image(0));
  }

  /** ReduceMean over height and width. */
  static Live mean(Call call) {
    return reduce(call, PoolingType.AVG);
  }

  /** ReduceMax over height and width. */
  static Live maximum(Call call) {
    return reduce(call, PoolingType.MAX);
  }

  private static Live reduce(Call call, PoolingType type) {
    OnnxNode node = call.node();
    Live x = call.live(0);
    long[] axes = Folding.axes(node, call.constantOrNull(1));
    boolean keep = node.flag("keepdims", true);
    node.ignore("noop_with_empty_axes");
    Set<Integer> reduced =
        axes == null
            ? Set.of()
            : Arrays.stream(axes)
                .mapToObj(a -> x.axes().get(Folding.axis(node, a, x.rank())))
                .collect(Collectors.toSet());
    boolean places =
        !x.isVector()
            && !reduced.contains(0)
            && !reduced.contains(Live.CHANNELS)
            && (reduced.contains(Live.HEIGHT) || x.height() == 1)
            && (reduced.contains(Live.WIDTH) || x.width() == 1);
    if (!places) {
      throw node.fault(
          "it reduces the axes %s of %s; only height and width together are supported"
              .formatted(Arrays.toString(axes), x.text()));
    }
    List<Integer> left = new ArrayList<>(x.axes());
    if (!keep) {
      left.removeIf(a -> reduced.contains(a));
    }
    return whole(call, type, keep, x.withAxes(left));
  }

  /**
   * Pools whole images. The result is an image when something reads it as one, else a vector.
   *
   * @param x the images with the axes that the result has
   */
  private static Live whole(Call call, PoolingType type, boolean keep, Live x) {
    if (keep && imageWanted(call, call.node().output(), 0)) {
      Live out = new Live("", List.of(x.channels(), 1, 1), x.axes());
      return call.graph()
          .layer(
              call.name(),
              new SubsamplingLayer.Builder(type)
                  .kernelSize(x.height(), x.width())
                  .stride(x.height(), x.width())
                  .build(),
              out,
              x);
    }
    List<Integer> axes = x.axes().stream().map(a -> a > Live.CHANNELS ? Live.UNIT : a).toList();
    Live out = new Live("", List.of(x.channels()), axes);
    return call.graph().layer(call.name(), new GlobalPoolingLayer(type), out, x);
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
