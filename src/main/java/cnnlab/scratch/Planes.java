package cnnlab.scratch;

import java.util.Arrays;

/**
 * The input of a convolution with its padding written out, so that no loop has to ask whether it is
 * on the image.
 *
 * <p>One group of L images: [channels, height, width, L], where height and width include the
 * padding.
 */
final class Planes {
  final int channels;
  final int height;
  final int width;
  final int kernelHeight;
  final int kernelWidth;
  final int strideHeight;
  final int strideWidth;

  /** Whether anything is added to the input. */
  final boolean padded;

  private final int sourceHeight;
  private final int sourceWidth;
  private final int top;
  private final int left;
  private final int spreadHeight;
  private final int spreadWidth;

  private Planes(
      int channels,
      Window.Geometry g,
      int strideHeight,
      int strideWidth,
      int height,
      int width,
      int sourceHeight,
      int sourceWidth,
      int top,
      int left,
      int spreadHeight,
      int spreadWidth) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.kernelHeight = g.kernelHeight();
    this.kernelWidth = g.kernelWidth();
    this.strideHeight = strideHeight;
    this.strideWidth = strideWidth;
    this.sourceHeight = sourceHeight;
    this.sourceWidth = sourceWidth;
    this.top = top;
    this.left = left;
    this.spreadHeight = spreadHeight;
    this.spreadWidth = spreadWidth;
    this.padded =
        height != sourceHeight || width != sourceWidth || spreadHeight > 1 || spreadWidth > 1;
  }

  /** The input of a convolution: zeros around it as far as its windows reach. */
  static Planes forConvolution(int channels, Window.Geometry g) {
    int height =
        Math.max((g.outHeight() - 1) * g.strideHeight() + g.kernelHeight(), g.top() + g.height());
    int width =
        Math.max((g.outWidth() - 1) * g.strideWidth() + g.kernelWidth(), g.left() + g.width());
    return new Planes(
        channels,
        g,
        g.strideHeight(),
        g.strideWidth(),
        height,
        width,
        g.height(),
        g.width(),
        g.top(),
        g.left(),
        1,
        1);
  }

  /**
   * The gradient of a convolution's output as the input of another one with stride 1, which gives
   * the gradient of its input: values spread out by the stride, zeros between and around them.
   */
  static Planes forInputGradient(int channels, Window.Geometry g) {
    return new Planes(
        channels,
        g,
        1,
        1,
        g.height() + g.kernelHeight() - 1,
        g.width() + g.kernelWidth() - 1,
        g.outHeight(),
        g.outWidth(),
        g.kernelHeight() - 1 - g.top(),
        g.kernelWidth() - 1 - g.left(),
        g.strideHeight(),
        g.strideWidth());
  }

  /** Weights of one output channel. */
  int taps() {
    return channels * kernelHeight * kernelWidth;
  }

  /** Values of one group of L images, for the L of the caller's source. */
  int size(int lanes) {
    return channels * height * width * lanes;
  }

  /** Copies one group [channels, sourceHeight, sourceWidth, L] to its place among zeros. */
  void pad(float[] source, int begin, float[] target, int lanes) {
    Arrays.fill(target, 0, size(lanes), 0);
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < sourceHeight; i++) {
        int row = top + i * spreadHeight;
        if (row < 0 || row >= height) {
          continue;
        }
        int from = begin + (c * sourceHeight + i) * sourceWidth * lanes;
        int to = (c * height + row) * width * lanes;
        if (spreadWidth == 1 && left >= 0 && left + sourceWidth <= width) {
          System.arraycopy(source, from, target, to + left * lanes, sourceWidth * lanes);
        } else {
          spread(source, from, target, to, lanes);
        }
      }
    }
  }

  private void spread(float[] source, int from, float[] target, int to, int lanes) {
    for (int j = 0; j < sourceWidth; j++) {
      int column = left + j * spreadWidth;
      if (column >= 0 && column < width) {
        System.arraycopy(source, from + j * lanes, target, to + column * lanes, lanes);
      }
    }
  }
}
