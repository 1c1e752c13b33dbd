package cnnlab.scratch;

/**
 * The hyper-parameters of a window that slides over an image: those of a convolution or a pooling
 * layer.
 *
 * @param kernelHeight rows of the window, at least 1
 * @param kernelWidth columns of the window, at least 1
 * @param strideHeight rows between two windows, at least 1
 * @param strideWidth columns between two windows, at least 1
 * @param padding what happens at the border
 */
public record Window(
    int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, Padding padding) {

  /**
   * @throws IllegalArgumentException when a size or stride is not positive
   */
  public Window {
    if (kernelHeight < 1 || kernelWidth < 1 || strideHeight < 1 || strideWidth < 1) {
      throw new IllegalArgumentException(
          "kernel %dx%d and stride %dx%d must be at least 1"
              .formatted(kernelHeight, kernelWidth, strideHeight, strideWidth));
    }
  }

  /** A square window with one stride. */
  public static Window square(int kernel, int stride, Padding padding) {
    return new Window(kernel, kernel, stride, stride, padding);
  }

  /**
   * Where this window falls on an input of the given height and width.
   *
   * @throws IllegalArgumentException when no window fits
   */
  public Geometry on(int height, int width) {
    Axis rows = axis("height", height, kernelHeight, strideHeight, true);
    Axis columns = axis("width", width, kernelWidth, strideWidth, false);
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
        columns.out);
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
      int outWidth) {

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
