package cnnlab.scratch.layer;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.scratch.Network;
import cnnlab.scratch.OnnxCase;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Range;
import cnnlab.scratch.kernel.Window;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * ONNX's convolution and pooling in the engine's layers; a signal of one dimension is an image of
 * one row.
 */
final class OnnxWindows {
  private OnnxWindows() {}

  /** The attributes of a pooling operator, with one additional attribute. */
  static Set<String> pooling(String own) {
    Set<String> names =
        new HashSet<>(
            List.of("auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "strides"));
    names.add(own);
    return names;
  }

  /** The reason why a window cannot be expressed in the engine's, or null. */
  static String reasonToLeaveOut(OnnxCase c) {
    if (c.spatialRank() > 2) {
      return "three spatial dimensions";
    }
    boolean dilated = c.numbers("dilations", c.spatialRank(), 1).stream().anyMatch(d -> d != 1);
    return dilated ? "dilated window" : null;
  }

  static List<float[]> compute(OnnxCase c, Kernels kernels) {
    Shape in = image(c.input(0));
    Layer layer = layer(c);
    float[] weights = layer instanceof Conv2d ? c.input(1).values() : new float[0];
    Network network = Network.builder(in).add("layer", layer).build(weights, kernels);
    assertThat(network.outputShape()).isEqualTo(image(c.output(0)));
    float[] y = network.predict(c.input(0).values(), c.input(0).shape().get(0));
    return c.outputs().size() == 1 ? List.of(y) : List.of(y, maxima(c, in, kernels));
  }

  private static Layer layer(OnnxCase c) {
    return switch (c.operator()) {
      case "Conv" ->
          new Conv2d(c.input(1).shape().get(1), c.input(1).shape().get(0), window(c), false, false);
      case "MaxPool" -> new MaxPool2d(window(c));
      case "AveragePool" -> new AvgPool2d(window(c), c.flag("count_include_pad"));
      default -> new GlobalAvgPool2d();
    };
  }

  /** [N, C, H, W] or [N, C, W] without the batch. */
  static Shape image(OnnxCase.Tensor t) {
    List<Integer> s = t.shape();
    return t.rank() == 3
        ? new Shape(s.get(1), 1, s.get(2))
        : new Shape(s.get(1), s.get(2), s.get(3));
  }

  private static Window window(OnnxCase c) {
    Axis rows = c.spatialRank() == 1 ? new Axis(1, 1, 1, 0, 0) : Axis.of(c, 0);
    Axis columns = Axis.of(c, c.spatialRank() - 1);
    Padding padding =
        switch (c.text("auto_pad", "NOTSET")) {
          case "SAME_UPPER" -> Padding.SAME;
          case "VALID" -> Padding.VALID;
          default -> new Padding.Explicit(rows.before, columns.before, rows.after, columns.after);
        };
    return new Window(rows.kernel, columns.kernel, rows.stride, columns.stride, padding);
  }

  /** One of a window's dimensions on an input of a given size. */
  private record Axis(int size, int kernel, int stride, int before, int after) {

    static Axis of(OnnxCase c, int k) {
      int rank = c.spatialRank();
      List<Integer> pads = c.numbers("pads", 2 * rank, 0);
      Axis axis =
          new Axis(
              c.input(0).shape().get(k + 2),
              c.numbers("kernel_shape", rank, 0).get(k),
              c.numbers("strides", rank, 1).get(k),
              pads.get(k),
              pads.get(k + rank));
      if (c.text("auto_pad", "NOTSET").equals("SAME_LOWER")) {
        return axis.sameLower();
      }
      return c.flag("ceil_mode") ? axis.ceil(c.flag("count_include_pad")) : axis;
    }

    /**
     * As many windows as strides begin in the input; the extra zero of an odd total comes first.
     */
    private Axis sameLower() {
      int total = Math.max(((size + stride - 1) / stride - 1) * stride + kernel - size, 0);
      return new Axis(size, kernel, stride, total - total / 2, total / 2);
    }

    /**
     * One more window where the last one would hang over the end, unless it began in the padding.
     * That equals additional padding, which a maximum and a mean ignore.
     */
    private Axis ceil(boolean countPadding) {
      int windows = (size + before + after - kernel + stride - 1) / stride + 1;
      if ((windows - 1) * stride >= size + before) {
        windows--;
      }
      int end = Math.max((windows - 1) * stride + kernel - size - before, 0);
      assertThat(countPadding && end > after).as("our mean would count the overhang").isFalse();
      return new Axis(size, kernel, stride, before, end);
    }
  }

  /**
   * Where each maximum stands in the image, by ONNX's second output: the position that gets the
   * gradient. {@code storage_order} 1 counts down the columns.
   */
  private static float[] maxima(OnnxCase c, Shape in, Kernels kernels) {
    assertThat(c.input(0).size(0, 2)).as("images and channels").isEqualTo(1);
    Window.Geometry g = window(c).on(in.height(), in.width());
    int lanes = kernels.lanes();
    float[] x = new float[in.size() * lanes];
    for (int i = 0; i < in.size(); i++) {
      x[i * lanes] = c.input(0).values()[i];
    }
    float[] y = new float[g.outHeight() * g.outWidth() * lanes];
    kernels.maxPool2d(1, g, x, y, new Range(0, 1));
    float[] positions = new float[y.length / lanes];
    for (int o = 0; o < positions.length; o++) {
      float[] dy = new float[y.length];
      float[] dx = new float[x.length];
      dy[o * lanes] = 1;
      kernels.maxPool2dGradient(1, g, x, y, dy, dx, new Range(0, 1));
      int at = 0;
      while (dx[at * lanes] != 1) {
        at++;
      }
      boolean columns = c.flag("storage_order");
      positions[o] = columns ? at % in.width() * in.height() + at / in.width() : at;
    }
    return positions;
  }
}
