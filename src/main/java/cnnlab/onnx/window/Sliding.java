package cnnlab.onnx.window;

import cnnlab.onnx.read.OnnxNode;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A sliding window along one axis of an image.
 *
 * @param kernel size of the window, at least 1
 * @param stride from one position to the next, at least 1
 * @param dilation from one value of the window to the next, at least 1
 * @param before zeros before the first value
 * @param after zeros after the last value that a window covers; negative when windows end before it
 * @param out number of positions
 */
public record Sliding(int kernel, int stride, int dilation, int before, int after, int out) {
  private static final int MOST = 1 << 20;

  /** The two axes of an image. */
  public record Pair(Sliding rows, Sliding columns, int height, int width) {
    /** Whether padding of the same size on both sides gives the same positions. */
    public boolean symmetric() {
      return rows.symmetric() && columns.symmetric();
    }

    /** Whether the padding is TensorFlow's {@code same}, and DL4J accepts it. */
    public boolean same() {
      return rows.same(height)
          && columns.same(width)
          && !(Math.max(rows.after, columns.after) > 0 && Math.min(rows.after, columns.after) < 0);
    }

    /** The same positions on an image to which the padding was added. */
    public Pair padded() {
      return new Pair(rows.valid(), columns.valid(), height + added(rows), width + added(columns));
    }

    private static int added(Sliding axis) {
      return axis.before + Math.max(0, axis.after);
    }

    /** Rows and columns of zeros: top, bottom, left, right. */
    public int[] padding() {
      return new int[] {
        rows.before, Math.max(0, rows.after), columns.before, Math.max(0, columns.after)
      };
    }

    /** Whether a window lies in the padding alone. */
    public boolean reachesBeyond() {
      return rows.beyond() || columns.beyond();
    }

    public int[] kernel() {
      return new int[] {rows.kernel, columns.kernel};
    }

    public int[] stride() {
      return new int[] {rows.stride, columns.stride};
    }

    public int[] dilation() {
      return new int[] {rows.dilation, columns.dilation};
    }
  }

  private boolean beyond() {
    return before >= kernel || after >= kernel;
  }

  /**
   * Reads the window of a convolution or pooling.
   *
   * @param kernel its sizes along the spatial axes, one or two
   * @param height H of the input; 1 if there is one spatial axis
   */
  public static Pair of(OnnxNode node, long[] kernel, int height, int width) {
    int rank = kernel.length;
    long[] strides = list(node, "strides", rank, 1);
    long[] dilations = list(node, "dilations", rank, 1);
    long[] pads = list(node, "pads", 2 * rank, 0);
    String auto = node.text("auto_pad", "NOTSET");
    boolean ceil = node.flag("ceil_mode", false);
    Sliding[] axes = new Sliding[2];
    for (int i = 0; i < 2; i++) {
      int k = i - 2 + rank;
      int size = i == 0 ? height : width;
      axes[i] =
          k < 0
              ? new Sliding(1, 1, 1, 0, 0, 1)
              : along(
                  node,
                  size,
                  positive(node, "kernel_shape", kernel[k]),
                  positive(node, "strides", strides[k]),
                  positive(node, "dilations", dilations[k]),
                  auto,
                  positive(node, "pads", pads[k] + 1) - 1,
                  positive(node, "pads", pads[k + rank] + 1) - 1,
                  ceil);
    }
    return new Pair(axes[0], axes[1], height, width);
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

  private static int positive(OnnxNode node, String attribute, long value) {
    if (value < 1 || value > MOST) {
      throw node.fault(attribute, value, "a positive number below " + MOST);
    }
    return (int) value;
  }

  private static Sliding along(
      OnnxNode node,
      int size,
      int kernel,
      int stride,
      int dilation,
      String auto,
      int before,
      int after,
      boolean ceil) {
    long extent = (long) (kernel - 1) * dilation + 1;
    if (auto.equals("SAME_UPPER") || auto.equals("SAME_LOWER")) {
      int out = (size + stride - 1) / stride;
      long total = Math.max((out - 1L) * stride + extent - size, 0);
      long first = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
      return made(node, size, kernel, stride, dilation, (int) first, out);
    }
    int first = auto.equals("VALID") ? 0 : before;
    int last = auto.equals("VALID") ? 0 : after;
    if (!auto.equals("NOTSET") && !auto.equals("VALID")) {
      throw node.fault("auto_pad", auto, "NOTSET, SAME_UPPER, SAME_LOWER or VALID");
    }
    long room = size + (long) first + last - extent;
    if (room < 0) {
      throw node.fault(
          "its window of %d is larger than its input's side of %d with %d and %d of padding"
              .formatted(extent, size, first, last));
    }
    int out = (int) (room / stride) + 1;
    // One more window where the last one hangs over the end, unless it would begin in the padding.
    if (ceil && room % stride != 0 && (long) out * stride < size + (long) first) {
      out++;
    }
    return made(node, size, kernel, stride, dilation, first, out);
  }

  private static Sliding made(
      OnnxNode node, int size, int kernel, int stride, int dilation, int before, int out) {
    long end = (out - 1L) * stride + (long) (kernel - 1) * dilation + 1;
    long after = end - size - before;
    if (Math.abs(after) > MOST) {
      throw node.fault("pads", before, "padding below " + MOST);
    }
    return new Sliding(kernel, stride, dilation, before, (int) after, out);
  }

  /** The positions on the input that a window covers; those outside lie in the padding. */
  public int[] positions(int index) {
    return IntStream.range(0, kernel).map(k -> index * stride - before + k * dilation).toArray();
  }

  private boolean symmetric() {
    return before >= after && before < after + stride;
  }

  private boolean same(int size) {
    int total = Math.max(after + before, 0);
    return out == (size + stride - 1) / stride && before == total / 2;
  }

  private Sliding valid() {
    return new Sliding(kernel, stride, dilation, 0, Math.min(0, after), out);
  }
}
