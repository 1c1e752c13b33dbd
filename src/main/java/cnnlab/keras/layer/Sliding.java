package cnnlab.keras.layer;

import cnnlab.keras.file.LayerConfig;
import cnnlab.keras.file.TensorShape.Image;
import java.util.Set;

/**
 * A sliding window over an image.
 *
 * @param height height of the window
 * @param width width of the window
 * @param strideY rows from one position to the next
 * @param strideX columns from one position to the next
 * @param dilationY rows from one row of the window to the next
 * @param dilationX columns from one column of the window to the next
 * @param same whether the border is padded so that ⌈side / stride⌉ positions fit; otherwise only
 *     full windows count
 */
record Sliding(
    int height, int width, int strideY, int strideX, int dilationY, int dilationX, boolean same) {
  /** Padding of sequences at the beginning alone, so that no output depends on later steps. */
  private static final String CAUSAL = "causal";

  /** A single pixel. */
  static final Sliding ONE = new Sliding(1, 1, 1, 1, 1, 1, false);

  /**
   * Reads a layer's window, strides and padding.
   *
   * @param size the key of the window's size, which is also the default stride of pooling
   */
  static Sliding of(LayerConfig config, String size) {
    int[] window = config.pair(size);
    boolean pooling = size.equals("pool_size");
    int[] stride =
        config.get("strides").isMissingNode()
            ? (pooling ? window : new int[] {1, 1})
            : config.pair("strides");
    Set<String> paddings =
        config.className().equals("Conv1D")
            ? Set.of("same", "valid", CAUSAL)
            : Set.of("same", "valid");
    String padding = config.word("padding", "valid", paddings);
    int[] dilation =
        config.get("dilation_rate").isMissingNode()
            ? new int[] {1, 1}
            : config.pair("dilation_rate");
    return new Sliding(
        window[0],
        window[1],
        stride[0],
        stride[1],
        dilation[0],
        dilation[1],
        padding.equals("same"));
  }

  /** Whether a layer pads its input at the beginning alone. */
  static boolean isCausal(LayerConfig config) {
    return CAUSAL.equals(config.get("padding").asText());
  }

  /** The output's shape. */
  Image out(LayerConfig config, Image in, int channels) {
    return in.withSides(
            positions(config, in.height(), tall(), strideY),
            positions(config, in.width(), wide(), strideX))
        .withChannels(channels);
  }

  /**
   * The same window without padding if {@code same} needs none, because DL4J rejects padded windows
   * that skip the last rows or columns.
   */
  Sliding fitted(Image in) {
    return same && rows(in) <= 0 && columns(in) <= 0 ? valid() : this;
  }

  /**
   * Whether DL4J rejects the window because it is padded along one axis and skips the end of the
   * other.
   */
  boolean refused(Image in) {
    return same && Math.max(rows(in), columns(in)) > 0 && Math.min(rows(in), columns(in)) < -1;
  }

  /**
   * Rows and columns of padding at the top, bottom, left and right; if the number is odd, the
   * bottom or the right gets one more.
   */
  int[] padding(Image in) {
    int rows = Math.max(0, rows(in));
    int columns = Math.max(0, columns(in));
    return new int[] {rows / 2, rows - rows / 2, columns / 2, columns - columns / 2};
  }

  /** Whether there are gaps between the rows or columns of the window. */
  boolean dilated() {
    return dilationY > 1 || dilationX > 1;
  }

  /** The same window without padding. */
  Sliding valid() {
    return new Sliding(height, width, strideY, strideX, dilationY, dilationX, false);
  }

  /** Rows under the window, with the gaps of a dilation. */
  private int tall() {
    return Math.addExact(Math.multiplyExact(height - 1, dilationY), 1);
  }

  /** Columns under the window, with the gaps of a dilation. */
  int wide() {
    return Math.addExact(Math.multiplyExact(width - 1, dilationX), 1);
  }

  private int rows(Image in) {
    return missing(in.height(), tall(), strideY);
  }

  private int columns(Image in) {
    return missing(in.width(), wide(), strideX);
  }

  private static int missing(int side, int window, int stride) {
    return ((side + stride - 1) / stride - 1) * stride + window - side;
  }

  private int positions(LayerConfig config, int side, int window, int stride) {
    if (same) {
      return (side + stride - 1) / stride;
    }
    if (window > side) {
      throw config.fault(
          "its window of %d is larger than its input's side of %d".formatted(window, side));
    }
    return (side - window) / stride + 1;
  }
}
