package cnnlab.scratch.compiled;

import cnnlab.scratch.compiled.kernel.RowKernels;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activation;

/**
 * Steps on planes. A layer with fewer channels than half a vector leaves most of a vector of
 * channels unused; here a vector holds columns that lie side by side.
 */
final class PlaneSteps {
  private PlaneSteps() {}

  /**
   * Convolution. The input is copied with its padding written out, so that every column of every
   * tap is a vector in memory.
   */
  static final class Convolution implements Step {
    /** Multiply-accumulates below which a second thread costs more than it gives. */
    private static final long SMALL = 400_000;

    private final RowKernels kernels;
    private final Planes in;
    private final Planes out;
    private final Window.Geometry window;
    private final Activation activation;
    private final float[] weights;
    private final float[] bias;
    private final int channels;
    private final int height;
    private final int width;
    private final int[] taps;
    private final int columns;
    private int tasks;
    private int lines;

    /**
     * @param out has a pitch of whole vectors
     */
    Convolution(RowKernels kernels, Planes in, Planes out, Product product) {
      this.kernels = kernels;
      this.in = in;
      this.out = out;
      this.window = product.window();
      this.activation = product.activation();
      this.channels = in.shape.channels();
      this.columns = out.pitch / kernels.lanes();
      int wide = (window.kernelWidth() - 1) * window.dilationWidth() + 1;
      int tall = (window.kernelHeight() - 1) * window.dilationHeight() + 1;
      this.height = (window.outHeight() - 1) * window.strideHeight() + tall;
      this.width = Math.max(out.pitch + wide - 1, window.left() + window.width());
      int kernel = window.kernelHeight() * window.kernelWidth();
      this.taps = new int[product.taps()];
      this.weights = new float[product.columns() * taps.length];
      for (int t = 0; t < taps.length; t++) {
        int c = t / kernel;
        int u = t % kernel / window.kernelWidth();
        int v = t % window.kernelWidth();
        taps[t] = (c * height + u * window.dilationHeight()) * width + v * window.dilationWidth();
        for (int o = 0; o < product.columns(); o++) {
          float w = product.weights().at((u * window.kernelWidth() + v) * channels + c, o);
          weights[o * taps.length + t] = (float) (product.scale()[o] * w);
        }
      }
      this.bias = product.paddedBias(kernels.lanes());
    }

    /** Whether a convolution fits, and takes less than half the time on planes. */
    static boolean suits(int outChannels, Window.Geometry window, int lanes) {
      int vectors = (window.outWidth() + lanes - 1) / lanes;
      int blocks = (outChannels + lanes - 1) / lanes;
      return window.strideWidth() == 1
          && 2 * vectors * outChannels <= (long) blocks * (window.outWidth() + lanes / 4);
    }

    @Override
    public double nanoseconds() {
      double vectors = (double) window.outHeight() * columns;
      return Cost.products(vectors * weights.length) + Cost.vectors(vectors);
    }

    @Override
    public int divide(int images, int threads) {
      lines = images * window.outHeight();
      long products = (long) images * weights.length * window.outHeight() * out.pitch;
      tasks = threads == 1 || products < SMALL ? 1 : threads;
      return tasks = Math.min(tasks, lines);
    }

    @Override
    public void run(int task, Scratchpad pad) {
      int from = (int) ((long) lines * task / tasks);
      int to = (int) ((long) lines * (task + 1) / tasks);
      float[] padded = pad.ofLayer(channels * height * width + 2 * kernels.lanes());
      while (from < to) {
        int image = from / window.outHeight();
        int i = from % window.outHeight();
        int end = Math.min(window.outHeight(), i + to - from);
        padRows(image, i, end, padded);
        convolve(image, i, end, padded);
        from += end - i;
      }
    }

    /** Writes the rows of the padded input that some rows of windows read. */
    private void padRows(int image, int i, int end, float[] padded) {
      int first = i * window.strideHeight();
      int tall = (window.kernelHeight() - 1) * window.dilationHeight() + 1;
      int last = (end - 1) * window.strideHeight() + tall;
      for (int c = 0; c < channels; c++) {
        for (int row = first; row < last; row++) {
          int y = row - window.top();
          int to = (c * height + row) * width;
          if (y < 0 || y >= window.height()) {
            kernels.clear(padded, to, width);
            continue;
          }
          int x = image * in.imageSize() + (c * window.height() + y) * in.pitch;
          int inside = to + window.left();
          if (window.left() > 0) {
            kernels.clear(padded, to, window.left());
          }
          kernels.copy(in.values(), x, padded, inside, window.width());
          int behind = inside + window.width();
          kernels.clear(padded, behind, to + width - behind);
        }
      }
    }

    private void convolve(int image, int i, int end, float[] padded) {
      int plane = window.outHeight() * out.pitch;
      int y = image * out.imageSize();
      int outChannels = out.shape.channels();
      for (int row = i; row < end; row++) {
        kernels.columns(
            padded,
            row * window.strideHeight() * width,
            taps,
            weights,
            bias,
            outChannels,
            out.values(),
            y + row * out.pitch,
            plane,
            columns);
      }
      if (activation.kind() != Activation.Kind.LINEAR) {
        for (int o = 0; o < outChannels; o++) {
          int at = y + o * plane + i * out.pitch;
          kernels.activate(activation, out.values(), at, out.values(), at, (end - i) * out.pitch);
        }
      }
    }
  }

  /** Maximum or mean over windows that lie inside the image. */
  static final class Pool implements Step {
    private final Planes in;
    private final Planes out;
    private final Window.Geometry window;
    private final boolean max;
    private int images;
    private int tasks;

    Pool(Planes in, Planes out, Window.Geometry window, boolean max) {
      this.in = in;
      this.out = out;
      this.window = window;
      this.max = max;
    }

    /** Whether all windows lie inside the image. */
    static boolean suits(Window.Geometry w) {
      return w.top() == 0
          && w.left() == 0
          && w.row(w.outHeight() - 1) + w.kernelHeight() <= w.height()
          && w.column(w.outWidth() - 1) + w.kernelWidth() <= w.width();
    }

    @Override
    public double nanoseconds() {
      return Cost.values(2 * (double) out.imageSize());
    }

    @Override
    public int divide(int count, int threads) {
      images = count;
      return tasks = Math.min(count, threads);
    }

    @Override
    public void run(int task, Scratchpad pad) {
      int planes = in.shape.channels();
      int to = images * (task + 1) / tasks * planes;
      for (int plane = images * task / tasks * planes; plane < to; plane++) {
        for (int i = 0; i < window.outHeight(); i++) {
          int x = (plane * window.height() + window.row(i)) * in.pitch;
          row(in.values(), x, out.values(), (plane * window.outHeight() + i) * out.pitch);
        }
      }
    }

    private void row(float[] x, int at, float[] y, int to) {
      int below = at + in.pitch;
      if (max
          && window.kernelHeight() == 2
          && window.kernelWidth() == 2
          && window.strideWidth() == 2) {
        for (int j = 0; j < window.outWidth(); j++) {
          float upper = Math.max(x[at + 2 * j], x[at + 2 * j + 1]);
          y[to + j] = Math.max(upper, Math.max(x[below + 2 * j], x[below + 2 * j + 1]));
        }
        return;
      }
      int count = window.kernelHeight() * window.kernelWidth();
      for (int j = 0; j < window.outWidth(); j++) {
        float value = max ? Float.NEGATIVE_INFINITY : 0;
        for (int t = 0; t < count; t++) {
          int row = at + t / window.kernelWidth() * in.pitch;
          float v = x[row + window.column(j) + t % window.kernelWidth()];
          value = max ? Math.max(value, v) : value + v;
        }
        y[to + j] = max ? value : value / count;
      }
    }
  }

  /** Planes as rows. */
  static final class ToRows implements Step {
    private final Planes in;
    private final Rows out;
    private int images;
    private int tasks;

    ToRows(Planes in, Rows out) {
      this.in = in;
      this.out = out;
    }

    @Override
    public double nanoseconds() {
      return Cost.values(in.imageSize());
    }

    @Override
    public int divide(int count, int threads) {
      images = count;
      return tasks = Math.min(count, threads);
    }

    @Override
    public void run(int task, Scratchpad pad) {
      int height = in.shape.height();
      int width = in.shape.width();
      float[] x = in.values();
      float[] y = out.values();
      for (int n = images * task / tasks; n < images * (task + 1) / tasks; n++) {
        for (int c = 0; c < in.shape.channels(); c++) {
          for (int i = 0; i < height; i++) {
            int from = n * in.imageSize() + (c * height + i) * in.pitch;
            int to = n * out.imageSize() + i * width * out.stride + c;
            for (int j = 0; j < width; j++) {
              y[to + j * out.stride] = x[from + j];
            }
          }
        }
      }
    }
  }
}
