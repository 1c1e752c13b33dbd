package cnnlab.scratch.compiled;

import cnnlab.scratch.compiled.kernel.RowKernels;
import cnnlab.scratch.kernel.Scratchpad;
import java.util.Arrays;
import java.util.List;

/** Steps that compute nothing. */
final class CopySteps {
  private CopySteps() {}

  /** Joins inputs along the channels. */
  static final class Concatenate extends Step.OverRows {
    private final RowKernels kernels;
    private final List<Rows> in;
    private final Rows out;

    Concatenate(RowKernels kernels, List<Rows> in, Rows out) {
      super(out, 1);
      this.kernels = kernels;
      this.in = in;
      this.out = out;
    }

    /**
     * Inputs in their order: what a copy writes behind its end is overwritten by the next. The last
     * one must not reach into the next position, which another thread may have written.
     */
    @Override
    void row(int image, int i, Scratchpad pad) {
      int positions = out.shape.width();
      int first = (image * out.shape.height() + i) * positions;
      for (int p = first; p < first + positions; p++) {
        int y = p * out.stride;
        for (Rows x : in) {
          int channels = x.shape.channels();
          if (y + kernels.padded(channels) <= (p + 1) * out.stride) {
            kernels.copy(x.values(), p * x.stride, out.values(), y, channels);
          } else {
            System.arraycopy(x.values(), p * x.stride, out.values(), y, channels);
          }
          y += channels;
        }
      }
    }
  }

  /** Each value is a copy of one of the input, or zero. */
  static final class Gather extends Step.OverRows {
    private final Rows in;
    private final Rows out;
    private final int[] source;

    /**
     * @param source for each value of the output, channels last, its place in the input's rows; −1
     *     for zero
     */
    Gather(Rows in, Rows out, int[] source) {
      super(out, 2);
      this.in = in;
      this.out = out;
      this.source = source;
    }

    @Override
    void row(int image, int i, Scratchpad pad) {
      float[] x = in.values();
      float[] y = out.values();
      int from = image * in.imageSize();
      int channels = out.shape.channels();
      for (int j = 0; j < out.shape.width(); j++) {
        int p = i * out.shape.width() + j;
        int to = image * out.imageSize() + p * out.stride;
        for (int c = 0; c < channels; c++) {
          int at = source[p * channels + c];
          y[to + c] = at < 0 ? 0 : x[from + at];
        }
      }
    }
  }

  /** Zeros around an image. */
  static final class Pad extends Step.OverRows {
    private final RowKernels kernels;
    private final Rows in;
    private final Rows out;
    private final int top;
    private final int left;

    Pad(RowKernels kernels, Rows in, Rows out, int top, int left) {
      super(out, 1);
      this.kernels = kernels;
      this.in = in;
      this.out = out;
      this.top = top;
      this.left = left;
    }

    @Override
    void row(int image, int i, Scratchpad pad) {
      int y = (image * out.shape.height() + i) * out.shape.width() * out.stride;
      float[] values = out.values();
      Arrays.fill(values, y, y + out.shape.width() * out.stride, 0);
      int row = i - top;
      if (row < 0 || row >= in.shape.height()) {
        return;
      }
      int x = (image * in.shape.height() + row) * in.shape.width() * in.stride;
      for (int j = 0; j < in.shape.width(); j++) {
        kernels.copy(
            in.values(),
            x + j * in.stride,
            values,
            y + (left + j) * out.stride,
            in.shape.channels());
      }
    }
  }
}
