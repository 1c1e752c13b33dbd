package cnnlab.scratch.compiled;

import cnnlab.scratch.compiled.kernel.RowKernels;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activation;

/**
 * A depthwise convolution with one kernel for each channel. It goes vector by vector of channels:
 * their part of the input is copied with its padding written out, which fits in the nearest cache
 * and leaves no window a special case.
 */
final class DepthwiseStep implements Step {
  /** Vectors of channels that are copied together: memory is read fastest in longer runs. */
  private static final int GROUP = 4;

  /** Multiply-accumulates below which a second thread costs more than it gives. */
  private static final long SMALL = 100_000;

  private final RowKernels kernels;
  private final Rows in;
  private final Rows out;
  private final Window.Geometry window;
  private final Activation activation;
  private final int lanes;
  private final int blocks;
  private final float[] weights;
  private final float[] bias;
  private final int width;
  private final int height;
  private final int[] taps;
  private int lines;
  private int tasks;

  /** The product's column o has one row of taps (u·KW + v) over channel o. */
  DepthwiseStep(RowKernels kernels, Rows in, Rows out, Product product) {
    this.kernels = kernels;
    this.in = in;
    this.out = out;
    this.window = product.window();
    this.activation = product.activation();
    this.lanes = kernels.lanes();
    this.blocks = kernels.padded(product.columns()) / lanes;
    this.bias = product.paddedBias(lanes);
    int wide = (window.kernelWidth() - 1) * window.dilationWidth() + 1;
    int tall = (window.kernelHeight() - 1) * window.dilationHeight() + 1;
    this.width =
        Math.max(
            (window.outWidth() - 1) * window.strideWidth() + wide, window.left() + window.width());
    this.height = (window.outHeight() - 1) * window.strideHeight() + tall;
    this.taps = new int[product.taps()];
    this.weights = new float[product.taps() * blocks * lanes];
    for (int t = 0; t < taps.length; t++) {
      int u = t / window.kernelWidth();
      int v = t % window.kernelWidth();
      taps[t] = (u * window.dilationHeight() * width + v * window.dilationWidth()) * lanes;
      for (int c = 0; c < product.columns(); c++) {
        weights[(c / lanes * taps.length + t) * lanes + c % lanes] =
            (float) (product.scale()[c] * product.weights().at(t, c));
      }
    }
  }

  @Override
  public double nanoseconds() {
    double vectors = (double) window.outHeight() * window.outWidth() * blocks;
    return Cost.vectors(vectors * (2 + taps.length));
  }

  @Override
  public int divide(int images, int threads) {
    lines = images * window.outHeight();
    long products = (long) images * weights.length * window.outHeight() * window.outWidth();
    return tasks = threads == 1 || products < SMALL ? 1 : Math.min(lines, threads);
  }

  @Override
  public void run(int task, Scratchpad pad) {
    float[] padded = pad.ofLayer((Math.min(blocks, GROUP) * height * width + 1) * lanes);
    int to = (int) ((long) lines * (task + 1) / tasks);
    for (int line = (int) ((long) lines * task / tasks); line < to; ) {
      int image = line / window.outHeight();
      int from = line % window.outHeight();
      int end = Math.min(window.outHeight(), from + to - line);
      for (int first = 0; first < blocks; first += GROUP) {
        convolve(image, from, end, first, Math.min(GROUP, blocks - first), padded);
      }
      line += end - from;
    }
  }

  /** Computes some rows of an image for some vectors of channels. */
  private void convolve(int image, int from, int end, int first, int count, float[] padded) {
    int tall = (window.kernelHeight() - 1) * window.dilationHeight() + 1;
    int last = (end - 1) * window.strideHeight() + tall;
    for (int row = from * window.strideHeight(); row < last; row++) {
      padRow(image, first, count, row - window.top(), padded, row * width * lanes);
    }
    for (int b = 0; b < count; b++) {
      convolve(image, from, end, first + b, padded, b * height * width * lanes);
    }
  }

  private void convolve(int image, int from, int end, int block, float[] padded, int plane) {
    for (int i = from; i < end; i++) {
      int y = (image * window.outHeight() + i) * window.outWidth() * out.stride + block * lanes;
      kernels.depthwise(
          padded,
          plane + i * window.strideHeight() * width * lanes,
          window.strideWidth() * lanes,
          taps,
          weights,
          block * taps.length * lanes,
          bias,
          block * lanes,
          out.values(),
          y,
          out.stride,
          window.outWidth());
      if (activation.kind() != Activation.Kind.LINEAR) {
        kernels.activate(activation, out.values(), y, out.stride, window.outWidth(), lanes);
      }
    }
  }

  /** Writes a row of some vectors of channels, each to a plane of its own. */
  private void padRow(int image, int first, int count, int row, float[] padded, int to) {
    int plane = height * width * lanes;
    int left = window.left() * lanes;
    int inside = window.width() * lanes;
    boolean outside = row < 0 || row >= window.height();
    for (int b = 0; b < count; b++) {
      int at = to + b * plane;
      if (outside) {
        kernels.clear(padded, at, width * lanes);
      } else {
        kernels.clear(padded, at, left);
        kernels.clear(padded, at + left + inside, width * lanes - left - inside);
      }
    }
    if (!outside) {
      int x = (image * window.height() + row) * window.width() * in.stride + first * lanes;
      kernels.deal(in.values(), x, in.stride, padded, to + left, plane, window.width(), count);
    }
  }
}
