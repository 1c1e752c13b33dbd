package cnnlab.onnx.layer;

import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/** Converts convolutions. ONNX's kernels are [out, in / groups, height, width], as DL4J's. */
final class Convolutions {
  private static final int MOST_SPATIAL = 2;

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
    if (groups != 1 && groups != x.channels()) {
      throw node.fault(
          "group", groups, "1, or the number of channels: grouped convolutions are not supported");
    }
    Tensor bias = call.constantOrNull(2);
    call.requireShape("bias", bias, filters);
    Sliding.Pair window = Sliding.of(node, kernel, x.height(), x.width());
    Live from = x;
    if (!window.symmetric() && !window.same()) {
      from = pad(call, call.name() + ".pad", window.padding(), x);
      window = window.padded();
    }
    boolean depthwise = groups > 1;
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
    if (bias != null) {
      call.graph().set(node, out, "b", bias.size(), bias::floats);
    }
    return out;
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
