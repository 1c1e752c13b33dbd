package cnnlab.scratch.kernel;

/**
 * The hyper-parameters of the sliding window of a convolution or a pooling layer.
 *
 * @param kernelHeight rows of the window, at least 1
 * @param kernelWidth columns of the window, at least 1
 * @param strideHeight rows between two windows, at least 1
 * @param strideWidth columns between two windows, at least 1
 * @param padding how the border of the input is treated
 * @param dilationHeight rows from one row of the kernel to the next, at least 1
 * @param dilationWidth columns from one column of the kernel to the next, at least 1
 */
public record Window(
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    Padding padding,
    int dilationHeight,
    int dilationWidth) {

  /**
   * @throws IllegalArgumentException when a size, stride or dilation is not positive
   */
  public Window {
    if (Math.min(kernelHeight, kernelWidth) < 1
        || Math.min(strideHeight, strideWidth) < 1
        || Math.min(dilationHeight, dilationWidth) < 1) {
      throw new IllegalArgumentException(
          "kernel %dx%d, stride %dx%d and dilation %dx%d must be at least 1"
              .formatted(
                  kernelHeight,
                  kernelWidth,
                  strideHeight,
                  strideWidth,
                  dilationHeight,
                  dilationWidth));
    }
  }

  /** A window without dilation. */
  public Window(
      int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, Padding padding) {
    this(kernelHeight, kernelWidth, strideHeight, strideWidth, padding, 1, 1);
  }

  /**
   * @throws IllegalArgumentException when the window is dilated
   */
  public void requireNoGaps(String what) {
    if (dilationHeight != 1 || dilationWidth != 1) {
      throw new IllegalArgumentException(
          "%s takes no dilation, not %dx%d".formatted(what, dilationHeight, dilationWidth));
    }
  }

  /**
   * @throws IllegalArgumentException when a window can lie entirely in the padding, where there is
   *     nothing to pool
   */
  public void requirePaddingBelowKernel(String what) {
    if (padding instanceof Padding.Explicit p && !reachesImage(p)) {
      throw new IllegalArgumentException(
          "%s of %dx%d takes no padding of %d, %d, %d, %d (top, left, bottom, right): a window would lie entirely in the padding, so each must be less than the window"
              .formatted(
                  what, kernelHeight, kernelWidth, p.top(), p.left(), p.bottom(), p.right()));
    }
  }

  private boolean reachesImage(Padding.Explicit p) {
    return Math.max(p.top(), p.bottom()) < kernelHeight
        && Math.max(p.left(), p.right()) < kernelWidth;
  }

  /** A square window with the same stride in both directions. */
  public static Window square(int kernel, int stride, Padding padding) {
    return new Window(kernel, kernel, stride, stride, padding);
  }

  /**
   * This window placed on an input of the given height and width.
   *
   * @throws IllegalArgumentException when no window fits
   */
  public Geometry on(int height, int width) {
    int tall = (kernelHeight - 1) * dilationHeight + 1;
    int wide = (kernelWidth - 1) * dilationWidth + 1;
    Axis rows = axis("height", height, tall, strideHeight, true);
    Axis columns = axis("width", width, wide, strideWidth, false);
    return new Geometry(
        height,
        width,
        kernelHeight,
        kernelWidth,
        strideHeight,
        strideWidth,
        rows.before,
        columns.before,
        rows.out,
        columns.out,
        dilationHeight,
        dilationWidth);
  }

  private Axis axis(String name, int size, int kernel, int stride, boolean vertical) {
    if (padding instanceof Padding.Same) {
      int out = (size + stride - 1) / stride;
      int total = Math.max((out - 1) * stride + kernel - size, 0);
      return new Axis(total / 2, out);
    }
    int before = 0;
    int after = 0;
    if (padding instanceof Padding.Explicit p) {
      before = vertical ? p.top() : p.left();
      after = vertical ? p.bottom() : p.right();
    }
    if (size + before + after < kernel) {
      throw new IllegalArgumentException(
          "a window of %s %d does not fit an input of %s %d padded by %d and %d"
              .formatted(name, kernel, name, size, before, after));
    }
    return new Axis(before, (size + before + after - kernel) / stride + 1);
  }

  private record Axis(int before, int out) {}

  /**
   * A window placed on an input: everything a loop needs.
   *
   * @param height H of the input
   * @param width W of the input
   * @param kernelHeight KH
   * @param kernelWidth KW
   * @param strideHeight rows between windows
   * @param strideWidth columns between windows
   * @param top rows of padding above
   * @param left columns of padding at the left
   * @param outHeight OH, rows of the output
   * @param outWidth OW, columns of the output
   * @param dilationHeight rows from one row of the kernel to the next
   * @param dilationWidth columns from one column of the kernel to the next
   */
  public record Geometry(
      int height,
      int width,
      int kernelHeight,
      int kernelWidth,
      int strideHeight,
      int strideWidth,
      int top,
      int left,
      int outHeight,
      int outWidth,
      int dilationHeight,
      int dilationWidth) {

    /** First input row under the window of output row {@code i}; negative inside the padding. */
    public int row(int i) {
      return i * strideHeight - top;
    }

    /**
     * First input column under the window of output column {@code j}; negative inside the padding.
     */
    public int column(int j) {
      return j * strideWidth - left;
    }
  }
}
