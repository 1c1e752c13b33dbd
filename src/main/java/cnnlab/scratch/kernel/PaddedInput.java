package cnnlab.scratch.kernel;

import java.util.Arrays;

/**
 * The layout of a convolution's input with its padding written out, so that no loop has to check
 * whether it is on the image; and tables of positions in it.
 *
 * <p>One group of L images: [channels, height, width, L], where height and width include the
 * padding.
 */
final class PaddedInput {
  /** Whether the padded input differs from the input itself. */
  final boolean padded;

  /**
   * For each weight of one output channel, the offset of its value in the padded input at the first
   * position.
   */
  final int[] tapOffsets;

  /** For each position, the offset of the first weight's value in the padded input. */
  final int[] positionOffsets;

  /** For each window of 2x2 outputs that do not overlap, the positions of its four outputs. */
  final int[] windowPositions;

  private final int lanes;
  private final int channels;
  private final int height;
  private final int width;
  private final Source source;

  /**
   * The unpadded input: its value (i, j) goes to row top + i · spreadHeight, column left + j ·
   * spreadWidth.
   */
  private record Source(
      int height, int width, int top, int left, int spreadHeight, int spreadWidth) {}

  private PaddedInput(
      int lanes,
      int channels,
      Window.Geometry g,
      int strideHeight,
      int strideWidth,
      int outHeight,
      int outWidth,
      Source source) {
    int tall = (g.kernelHeight() - 1) * g.dilationHeight() + 1;
    int wide = (g.kernelWidth() - 1) * g.dilationWidth() + 1;
    this.lanes = lanes;
    this.channels = channels;
    this.source = source;
    this.height = Math.max((outHeight - 1) * strideHeight + tall, source.top + source.height);
    this.width = Math.max((outWidth - 1) * strideWidth + wide, source.left + source.width);
    this.padded =
        height != source.height
            || width != source.width
            || source.top != 0
            || source.left != 0
            || source.spreadHeight > 1
            || source.spreadWidth > 1;
    this.tapOffsets = new int[channels * g.kernelHeight() * g.kernelWidth()];
    for (int t = 0; t < tapOffsets.length; t++) {
      int c = t / (g.kernelHeight() * g.kernelWidth());
      int row = t / g.kernelWidth() % g.kernelHeight() * g.dilationHeight();
      int column = t % g.kernelWidth() * g.dilationWidth();
      tapOffsets[t] = ((c * height + row) * width + column) * lanes;
    }
    this.positionOffsets = new int[outHeight * outWidth];
    for (int p = 0; p < positionOffsets.length; p++) {
      int row = p / outWidth * strideHeight;
      positionOffsets[p] = (row * width + p % outWidth * strideWidth) * lanes;
    }
    this.windowPositions = new int[(outHeight / 2) * (outWidth / 2) * 4];
    for (int q = 0; q < windowPositions.length; q++) {
      int window = q / 4;
      int row = window / (outWidth / 2) * 2 + q / 2 % 2;
      windowPositions[q] = row * outWidth + window % (outWidth / 2) * 2 + q % 2;
    }
  }

  /** The input of a convolution, with zeros around it as far as the windows reach. */
  static PaddedInput forConvolution(int channels, Window.Geometry g, int lanes) {
    return new PaddedInput(
        lanes,
        channels,
        g,
        g.strideHeight(),
        g.strideWidth(),
        g.outHeight(),
        g.outWidth(),
        new Source(g.height(), g.width(), g.top(), g.left(), 1, 1));
  }

  /**
   * The gradient of a convolution's output, as the input of another convolution with stride 1 that
   * gives the gradient of the first one's input: values spread out by the stride, with zeros
   * between and around them.
   */
  static PaddedInput forInputGradient(int channels, Window.Geometry g, int lanes) {
    return new PaddedInput(
        lanes,
        channels,
        g,
        1,
        1,
        g.height(),
        g.width(),
        new Source(
            g.outHeight(),
            g.outWidth(),
            (g.kernelHeight() - 1) * g.dilationHeight() - g.top(),
            (g.kernelWidth() - 1) * g.dilationWidth() - g.left(),
            g.strideHeight(),
            g.strideWidth()));
  }

  /** Values of one padded group. */
  int size() {
    return channels * height * width * lanes;
  }

  /** Values of one group before padding. */
  int sourceSize() {
    return channels * source.height * source.width * lanes;
  }

  /**
   * Copies one group [channels, source height, source width, L] to its place among zeros; values
   * outside all windows are left out.
   *
   * @param target has {@link #size} values from {@code to}; not used if nothing is padded
   * @param to where the group goes in {@code target}
   * @return where the group begins: in {@code values} if nothing is padded, else {@code to}
   */
  int pad(float[] values, int begin, float[] target, int to) {
    if (!padded) {
      return begin;
    }
    int run = width * lanes;
    for (int c = 0; c < channels; c++) {
      for (int row = 0; row < height; row++) {
        int i = row - source.top;
        int at = to + (c * height + row) * run;
        if (i < 0 || i % source.spreadHeight != 0 || i / source.spreadHeight >= source.height) {
          Arrays.fill(target, at, at + run, 0);
        } else {
          int line = c * source.height + i / source.spreadHeight;
          padRow(values, begin + line * source.width * lanes, target, at);
        }
      }
    }
    return to;
  }

  private void padRow(float[] values, int from, float[] target, int to) {
    if (source.spreadWidth == 1 && source.left >= 0) {
      int begin = to + source.left * lanes;
      int end = begin + source.width * lanes;
      Arrays.fill(target, to, begin, 0);
      System.arraycopy(values, from, target, begin, source.width * lanes);
      Arrays.fill(target, end, to + width * lanes, 0);
      return;
    }
    Arrays.fill(target, to, to + width * lanes, 0);
    for (int j = 0; j < source.width; j++) {
      int column = source.left + j * source.spreadWidth;
      if (column >= 0 && column < width) {
        System.arraycopy(values, from + j * lanes, target, to + column * lanes, lanes);
      }
    }
  }
}
