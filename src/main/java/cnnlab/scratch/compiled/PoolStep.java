package cnnlab.scratch.compiled;

import cnnlab.scratch.compiled.kernel.RowKernels;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.kernel.Window;

/** Maximum or mean over windows; see {@code MaxPool2d} and {@code AvgPool2d}. */
final class PoolStep extends Step.OverRows {

  /** What is computed of the values under a window. */
  enum Kind {
    MAX,
    /** The mean of those that are not padding. */
    MEAN,
    /** The mean, padding included. */
    MEAN_WITH_PADDING
  }

  private final RowKernels kernels;
  private final Rows in;
  private final Rows out;
  private final Window.Geometry window;
  private final Kind kind;
  private final int width;

  PoolStep(RowKernels kernels, Rows in, Rows out, Window.Geometry window, Kind kind) {
    super(out, window.kernelHeight() * window.kernelWidth());
    this.kernels = kernels;
    this.in = in;
    this.out = out;
    this.window = window;
    this.kind = kind;
    this.width = kernels.padded(in.shape.channels());
  }

  @Override
  void row(int image, int i, Scratchpad pad) {
    int plane = image * window.height() * window.width();
    int y = (image * window.outHeight() + i) * window.outWidth() * out.stride;
    int top = Math.max(0, window.row(i));
    int bottom = Math.min(window.height(), window.row(i) + window.kernelHeight());
    for (int j = 0; j < window.outWidth(); j++) {
      int left = Math.max(0, window.column(j));
      int right = Math.min(window.width(), window.column(j) + window.kernelWidth());
      int x = (plane + top * window.width() + left) * in.stride;
      int inside = (bottom - top) * (right - left);
      int all = window.kernelHeight() * window.kernelWidth();
      int divisor = kind == Kind.MEAN ? inside : all;
      if (bottom - top == 2 && right - left == 2 && (kind == Kind.MAX || divisor == 4)) {
        int below = window.width() * in.stride;
        if (kind == Kind.MAX) {
          kernels.max4(in.values(), x, in.stride, below, out.values(), y, width);
        } else {
          kernels.mean4(in.values(), x, in.stride, below, out.values(), y, width);
        }
      } else {
        kernels.copy(in.values(), x, out.values(), y, width);
        for (int u = top; u < bottom; u++) {
          int from = u == top ? left + 1 : left;
          for (int v = from; v < right; v++) {
            combine((plane + u * window.width() + v) * in.stride, y);
          }
        }
        if (kind != Kind.MAX) {
          kernels.divide(out.values(), y, width, divisor);
        }
      }
      y += out.stride;
    }
  }

  private void combine(int x, int y) {
    if (kind == Kind.MAX) {
      kernels.max(in.values(), x, out.values(), y, width);
    } else {
      kernels.add(in.values(), x, out.values(), y, width);
    }
  }
}
