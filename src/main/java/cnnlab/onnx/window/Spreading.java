package cnnlab.onnx.window;

import cnnlab.onnx.read.Limits;
import cnnlab.onnx.read.OnnxNode;
import cnnlab.onnx.read.Tensor;
import java.util.Arrays;

/**
 * A kernel of a transposed convolution along one axis of an image.
 *
 * @param size of the input
 * @param kernel size with all zeros that were added
 * @param stride from one input's kernel to the next
 * @param dilation from one value of the given kernel to the next
 * @param begin what is cut off before the output
 * @param out size of the output
 */
public record Spreading(int size, int kernel, int stride, int dilation, int begin, int out) {
  private static final int MOST = 1 << 16;

  /**
   * Reads both axes.
   *
   * @param kernel its sizes along the spatial axes, one or two
   * @param height H of the input; 1 if there is one spatial axis
   */
  public static Spreading[] of(OnnxNode node, long[] kernel, int height, int width) {
    int rank = kernel.length;
    long[] declared = list(node, "kernel_shape", rank, 0);
    long[] strides = list(node, "strides", rank, 1);
    long[] dilations = list(node, "dilations", rank, 1);
    long[] pads = list(node, "pads", 2 * rank, 0);
    long[] more = list(node, "output_padding", rank, 0);
    long[] shape = node.integers("output_shape");
    String auto = node.text("auto_pad", "NOTSET");
    if (node.has("kernel_shape") && !Arrays.equals(declared, kernel)) {
      throw node.fault(
          "kernel_shape",
          Arrays.toString(declared),
          "that of the weights, " + Arrays.toString(kernel));
    }
    Spreading[] axes = new Spreading[2];
    for (int i = 0; i < 2; i++) {
      int k = i - 2 + rank;
      int size = i == 0 ? height : width;
      if (k < 0) {
        axes[i] = new Spreading(1, 1, 1, 1, 0, 1);
        continue;
      }
      int stride = sized(node, "strides", strides[k], 1);
      int dilation = sized(node, "dilations", dilations[k], 1);
      long extent = (sized(node, "kernel_shape", kernel[k], 1) - 1L) * dilation + 1;
      long reach = (size - 1L) * stride + extent + sized(node, "output_padding", more[k], 0);
      long begin = auto.equals("NOTSET") ? sized(node, "pads", pads[k], 0) : 0;
      long end = auto.equals("NOTSET") ? sized(node, "pads", pads[k + rank], 0) : 0;
      long wanted =
          shape != null && shape.length == rank
              ? shape[k]
              : auto.startsWith("SAME_") ? (long) size * stride : -1;
      if (wanted >= 0) {
        long total = Math.max(0, reach - wanted);
        begin = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
        end = reach - wanted - begin;
      }
      long out = reach - begin - end;
      if (out < 1 || out > MOST || extent > MOST || begin > MOST) {
        throw node.fault(
            "an output with a side of %d, %d of it cut off before; expected 1 to %d"
                .formatted(out, begin, MOST));
      }
      long needed = Math.max(extent, begin + out - (size - 1L) * stride);
      axes[i] =
          new Spreading(
              size, (int) Math.max(needed, stride), stride, dilation, (int) begin, (int) out);
    }
    if (shape != null && shape.length != rank) {
      throw node.fault("output_shape", Arrays.toString(shape), rank + " sizes");
    }
    return axes;
  }

  private static long[] list(OnnxNode node, String attribute, int count, long otherwise) {
    long[] given = node.integers(attribute);
    if (given == null) {
      given = new long[count];
      Arrays.fill(given, otherwise);
    }
    if (given.length != count) {
      throw node.fault(attribute, Arrays.toString(given), count + " numbers");
    }
    return given;
  }

  private static int sized(OnnxNode node, String attribute, long value, int least) {
    if (value < least || value > MOST) {
      throw node.fault(attribute, value, "%d to %d".formatted(least, MOST));
    }
    return (int) value;
  }

  /** The side of what all kernels reach. */
  public int reach() {
    return Math.addExact(Math.multiplyExact(size - 1, stride), kernel);
  }

  /** What is cut off behind the output. */
  public int behind() {
    return reach() - begin - out;
  }

  public boolean isCropped() {
    return begin > 0 || behind() > 0;
  }

  /** The kernels [C, M, k] or [C, M, kH, kW] with zeros in their gaps and behind them. */
  public static Tensor extended(Tensor w, Spreading[] sides) {
    long[] s = w.shape();
    int rows = s.length == 4 ? (int) s[2] : 1;
    int columns = (int) s[s.length - 1];
    int height = sides[0].kernel;
    int width = sides[1].kernel;
    long pairs = s[0] * s[1];
    int size = Math.toIntExact(Math.multiplyExact(Math.multiplyExact(pairs, height), width));
    if (size == w.size()) {
      return w;
    }
    Limits.requireWeights("kernels with zeros in their gaps", 4L * size);
    float[] from = w.floats();
    float[] values = new float[size];
    for (int p = 0; p < pairs; p++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          int row = p * height + i * sides[0].dilation;
          values[row * width + j * sides[1].dilation] = from[(p * rows + i) * columns + j];
        }
      }
    }
    return Tensor.reals(values, s[0], s[1], height, width);
  }
}
