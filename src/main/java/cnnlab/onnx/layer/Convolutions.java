package cnnlab.onnx.layer;

import cnnlab.model.shape.ChannelSelection;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.window.Sliding;
import cnnlab.onnx.window.Spreading;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/** Converts convolutions. ONNX's kernels are [out, in / groups, height, width], as DL4J's. */
final class Convolutions {
  private static final int MOST_SPATIAL = 2;
  private static final int MOST_GROUPS = 1024;

  private Convolutions() {}

  /** Conv, in one or two dimensions. */
  static Live conv(Call call) {
    OnnxNode node = call.node();
    Live x = call.image(0);
    Tensor w = call.constant(1);
    int spatial = w.shape().length - 2;
    if (spatial < 1 || spatial > MOST_SPATIAL || x.rank() != w.shape().length) {
      throw node.fault(
          "weights %s for inputs %s; expected weights [M, C, k] or [M, C, kH, kW]"
              .formatted(Arrays.toString(w.shape()), x.text()));
    }
    long[] kernel = Arrays.copyOfRange(w.shape(), 2, w.shape().length);
    long[] declared = node.integers("kernel_shape");
    if (declared != null && !Arrays.equals(declared, kernel)) {
      throw node.fault(
          "kernel_shape",
          Arrays.toString(declared),
          "that of the weights, " + Arrays.toString(kernel));
    }
    int filters = Math.toIntExact(w.shape()[0]);
    long groups = node.integer("group", 1);
    if (groups < 1 || w.shape()[1] * groups != x.channels() || filters % groups != 0) {
      throw node.fault(
          "weights %s in %d groups do not fit %d channels"
              .formatted(Arrays.toString(w.shape()), groups, x.channels()));
    }
    if (groups > MOST_GROUPS && groups != x.channels()) {
      throw node.fault(
          "group", groups, "at most %d, or the number of channels".formatted(MOST_GROUPS));
    }
    Tensor bias = call.constantOrNull(2);
    call.requireShape("bias", bias, filters);
    Sliding.Pair window = Sliding.of(node, kernel, x.height(), x.width());
    Live from = x;
    if (!window.symmetric() && !window.same()) {
      from = pad(call, call.name() + ".pad", window.padding(), x);
      window = window.padded();
    }
    Sliding.Pair placed = window;
    boolean dilated = window.rows().dilation() > 1 || window.columns().dilation() > 1;
    boolean depthwise = groups > 1 && groups == x.channels() && !dilated;
    if (groups > 1 && !depthwise) {
      Live like = positions(window, from.withChannels("", filters));
      return grouped(
          call,
          call.name(),
          (int) groups,
          like,
          from,
          (name, in, out, part) -> {
            Layer made = plain(placed, in.channels(), out.channels(), bias != null);
            Live y = call.graph().layer(name, made, out, in);
            call.graph().set(node, y, "W", w.size() / groups, () -> part(w, part, groups));
            setBias(call, y, bias, part, groups);
            return y;
          });
    }
    Layer made =
        depthwise
            ? depthwise(window, x.channels(), filters, bias != null)
            : plain(window, x.channels(), filters, bias != null);
    Live out =
        call.graph()
            .layer(call.name(), made, positions(window, from.withChannels("", filters)), from);
    call.graph()
        .set(
            node,
            out,
            "W",
            w.size(),
            () -> depthwise ? depthwiseWeights(w, x.channels()) : w.floats());
    setBias(call, out, bias, 0, 1);
    return out;
  }

  /** Adds one of the groups of a convolution, for input channels and filters of its own. */
  @FunctionalInterface
  private interface Group {
    Live add(String name, Live in, Live out, int part);
  }

  /**
   * DL4J has no grouped convolution: each group becomes a vertex {@code NAME.inK} that selects its
   * channels and a convolution {@code NAME.groupK}; their outputs are joined.
   */
  private static Live grouped(
      Call call, String name, int groups, Live like, Live from, Group group) {
    if (groups > MOST_GROUPS) {
      throw call.node()
          .fault(
              "group",
              groups,
              "at most %d, or one for each channel and no dilation".formatted(MOST_GROUPS));
    }
    int in = from.channels() / groups;
    Live[] parts = new Live[groups];
    for (int k = 0; k < groups; k++) {
      Live selected =
          call.graph()
              .preprocess(
                  name + ".in" + k,
                  new ChannelSelection(k * in, (k + 1) * in, from.channels()),
                  from.withChannels("", in),
                  from);
      Live out = like.withChannels("", like.channels() / groups);
      parts[k] = group.add(name + ".group" + k, selected, out, k);
    }
    return call.graph().vertex(name, new MergeVertex(), like, parts);
  }

  /** One of equal parts along the first axis. */
  private static float[] part(Tensor t, int part, long parts) {
    int size = (int) (t.size() / parts);
    return Arrays.copyOfRange(t.floats(), part * size, (part + 1) * size);
  }

  private static void setBias(Call call, Live out, Tensor bias, int part, long parts) {
    if (bias != null) {
      call.graph().set(call.node(), out, "b", bias.size() / parts, () -> part(bias, part, parts));
    }
  }

  /**
   * ConvTranspose. DL4J computes all that the kernels reach ({@code NAME.full}), from which the
   * borders are cropped. A kernel is extended with zeros where it has gaps, where it is shorter
   * than the stride, and where the output goes on behind what it reaches.
   */
  static Live transposed(Call call) {
    OnnxNode node = call.node();
    Live x = call.image(0);
    Tensor w = call.constant(1);
    int spatial = w.shape().length - 2;
    if (spatial < 1 || spatial > MOST_SPATIAL || x.rank() != w.shape().length) {
      throw node.fault(
          "weights %s for inputs %s; expected weights [C, M, k] or [C, M, kH, kW]"
              .formatted(Arrays.toString(w.shape()), x.text()));
    }
    long groups = node.integer("group", 1);
    long filters = w.shape()[1] * groups;
    if (groups < 1 || w.shape()[0] != x.channels() || x.channels() % groups != 0) {
      throw node.fault(
          "weights %s in %d groups do not fit %d channels"
              .formatted(Arrays.toString(w.shape()), groups, x.channels()));
    }
    Tensor bias = call.constantOrNull(2);
    call.requireShape("bias", bias, filters);
    long[] kernel = Arrays.copyOfRange(w.shape(), 2, w.shape().length);
    Spreading[] sides = Spreading.of(node, kernel, x.height(), x.width());
    Tensor extended = Spreading.extended(w, sides);
    Live full =
        new Live(
            "", List.of(Math.toIntExact(filters), sides[0].reach(), sides[1].reach()), x.axes());
    boolean cropped = sides[0].isCropped() || sides[1].isCropped();
    String name = cropped ? call.name() + ".full" : call.name();
    Group one =
        (vertex, in, out, part) -> {
          Deconvolution2D made =
              new Deconvolution2D.Builder(sides[0].kernel(), sides[1].kernel())
                  .stride(sides[0].stride(), sides[1].stride())
                  .convolutionMode(ConvolutionMode.Truncate)
                  .nIn(in.channels())
                  .nOut(out.channels())
                  .hasBias(bias != null)
                  .activation(new ActivationIdentity())
                  .build();
          Live y = call.graph().layer(vertex, made, out, in);
          call.graph()
              .set(node, y, "W", extended.size() / groups, () -> part(extended, part, groups));
          setBias(call, y, bias, part, groups);
          return y;
        };
    Live made =
        groups == 1 ? one.add(name, x, full, 0) : grouped(call, name, (int) groups, full, x, one);
    if (!cropped) {
      return made;
    }
    Cropping2D crop =
        new Cropping2D(sides[0].begin(), sides[0].behind(), sides[1].begin(), sides[1].behind());
    List<Integer> sizes = List.of((int) filters, sides[0].out(), sides[1].out());
    return call.graph().layer(call.name(), crop, new Live("", sizes, x.axes()), made);
  }

  /** The output of a window, with the axes of its input. */
  static Live positions(Sliding.Pair window, Live in) {
    return new Live(
        in.vertex(),
        List.of(in.channels(), window.rows().out(), window.columns().out()),
        in.axes());
  }

  /**
   * Adds zeros.
   *
   * @param name of the vertex
   * @param p top, bottom, left and right
   */
  static Live pad(Call call, String name, int[] p, Live x) {
    Live out =
        new Live(
            "",
            List.of(
                x.channels(),
                Math.addExact(x.height(), p[0] + p[1]),
                Math.addExact(x.width(), p[2] + p[3])),
            x.axes());
    return call.graph()
        .layer(name, new ZeroPaddingLayer.Builder(p[0], p[1], p[2], p[3]).build(), out, x);
  }

  private static Layer plain(Sliding.Pair window, int in, int out, boolean bias) {
    return new ConvolutionLayer.Builder(window.kernel())
        .stride(window.stride())
        .dilation(window.dilation())
        .convolutionMode(mode(window))
        .padding(padding(window))
        .nIn(in)
        .nOut(out)
        .hasBias(bias)
        .activation(new ActivationIdentity())
        .build();
  }

  private static Layer depthwise(Sliding.Pair window, int in, int out, boolean bias) {
    return new DepthwiseConvolution2D.Builder(window.kernel())
        .stride(window.stride())
        .dilation(window.dilation())
        .convolutionMode(mode(window))
        .padding(padding(window))
        .nIn(in)
        .nOut(out)
        .depthMultiplier(out / in)
        .hasBias(bias)
        .activation(new ActivationIdentity())
        .build();
  }

  /** Symmetric padding is given to DL4J in numbers, other padding by its name. */
  static ConvolutionMode mode(Sliding.Pair window) {
    return window.symmetric() ? ConvolutionMode.Truncate : ConvolutionMode.Same;
  }

  static int[] padding(Sliding.Pair window) {
    return window.symmetric()
        ? new int[] {window.rows().before(), window.columns().before()}
        : new int[2];
  }

  /** [C·m, 1, kH, kW] as [kH, kW, C, m]. */
  private static float[] depthwiseWeights(Tensor w, int channels) {
    int kernel = 1;
    for (int i = 2; i < w.shape().length; i++) {
      kernel *= (int) w.shape()[i];
    }
    return w.reshaped(channels, w.shape()[0] / channels, kernel).permuted(2, 0, 1).floats();
  }
}
