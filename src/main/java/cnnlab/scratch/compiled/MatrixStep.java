package cnnlab.scratch.compiled;

import cnnlab.scratch.compiled.kernel.RowKernels;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activation;
import java.util.Arrays;

/**
 * A convolution or dense layer as a matrix product: a row for each position of each image, which
 * holds the values under the window; a column for each output channel. Weights are packed once:
 * panels of up to four vectors of columns, each [K, blocks·L].
 *
 * <p>Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication".
 */
final class MatrixStep implements Step {
  /** Nanoseconds below which a second thread costs more than it gives. */
  private static final double SMALL = 6_000;

  /**
   * Rows that meet all weights before the next rows do, if the weights stay in the second cache:
   * the rows and their sums stay in the first one.
   */
  private static final int FEW = 16;

  /**
   * Floats of as many rows as meet a panel before the next panel does, if the weights come from
   * further away: the rows stay in the third cache.
   */
  private static final int CHUNK = 1 << 19;

  /** Floats of weights from which on they come from memory rather than from the second cache. */
  private static final int LARGE = 1 << 17;

  /** Columns of x that are taken at once. */
  private static final int DEPTH = 512;

  private final RowKernels kernels;
  private final Rows in;
  private final Rows out;
  private final Rows residual;
  private final Window.Geometry window;
  private final boolean inPlace;
  private final int k;
  private final float[] weights;
  private final float[] bias;
  private final Activation activation;
  private final int lanes;
  private final int[] panelFrom;

  /** Floats from one packed row to the next: K, and a vector that may be written beyond. */
  private final int packedStride;

  /**
   * The first column of windows that begins inside the image, and the first one that ends outside.
   */
  private final int firstInside;

  private final int lastInside;

  private int rows;
  private int rowTasks;
  private int panelTasks;

  /**
   * @param kernels the loops
   * @param in input
   * @param out output
   * @param residual is added to the sums before the activation, or null
   * @param product window, weights, bias and activation
   */
  MatrixStep(RowKernels kernels, Rows in, Rows out, Rows residual, Product product) {
    this.kernels = kernels;
    this.in = in;
    this.out = out;
    this.residual = residual;
    this.window = product.window();
    this.k = product.taps();
    this.activation = product.activation();
    this.lanes = kernels.lanes();
    this.inPlace = isInPlace();
    this.panelFrom = panels(kernels.padded(product.columns()) / lanes, kernels.panelBlocks());
    this.weights = product.packed(panelFrom, lanes);
    this.bias = product.paddedBias(lanes);
    this.packedStride = k + lanes;
    int wide = (window.kernelWidth() - 1) * window.dilationWidth() + 1;
    this.firstInside = (window.left() + window.strideWidth() - 1) / window.strideWidth();
    int room = window.width() + window.left() - wide;
    this.lastInside = room < 0 ? 0 : room / window.strideWidth() + 1;
  }

  /** Whether the values under a window follow each other in the input, so that none is copied. */
  private boolean isInPlace() {
    boolean single =
        window.kernelHeight() * window.kernelWidth() == 1
            && window.outHeight() == window.height()
            && window.outWidth() == window.width()
            && window.top() == 0
            && window.left() == 0;
    boolean whole =
        in.isDense()
            && window.kernelHeight() == window.height()
            && window.kernelWidth() == window.width()
            && window.dilationHeight() * window.dilationWidth() == 1
            && window.outHeight() * window.outWidth() == 1
            && window.top() == 0
            && window.left() == 0;
    return single || whole;
  }

  /** Where panels begin, in blocks, and where the last one ends. */
  private static int[] panels(int blocks, int most) {
    int[] from = new int[blocks + 1];
    int count = 0;
    for (int at = 0; at < blocks; count++) {
      int size = Math.min(most, Integer.highestOneBit(blocks - at));
      at += size;
      from[count + 1] = at;
    }
    return Arrays.copyOf(from, count + 1);
  }

  @Override
  public double nanoseconds() {
    int positions = window.outHeight() * window.outWidth();
    double vectors = (double) positions * panelFrom[panelFrom.length - 1];
    double copied = inPlace ? 0 : (double) positions * k / lanes;
    return Cost.products(vectors * k) + Cost.vectors(vectors + copied);
  }

  @Override
  public int divide(int images, int threads) {
    rows = images * window.outHeight() * window.outWidth();
    int panels = panelFrom.length - 1;
    rowTasks = 1;
    panelTasks = 1;
    if (threads > 1 && Cost.product((long) rows * weights.length, weights.length) >= SMALL) {
      // Who shares rows writes to the same lines of the cache, so rows are divided where possible.
      boolean heavy = weights.length >= LARGE && (long) panelFrom[panels] * lanes > rows;
      if (heavy && panels >= threads) {
        panelTasks = threads;
      } else {
        rowTasks = Math.max(1, Math.min(rows / RowKernels.STRIP, threads));
      }
    }
    return rowTasks * panelTasks;
  }

  @Override
  public void run(int task, Scratchpad pad) {
    int part = task / panelTasks;
    int strips = (rows + RowKernels.STRIP - 1) / RowKernels.STRIP;
    int from = (int) ((long) strips * part / rowTasks) * RowKernels.STRIP;
    int to = Math.min(rows, (int) ((long) strips * (part + 1) / rowTasks) * RowKernels.STRIP);
    int panels = panelFrom.length - 1;
    int first = panels * (task % panelTasks) / panelTasks;
    int last = panels * (task % panelTasks + 1) / panelTasks;
    int chunk = weights.length < LARGE ? FEW : Math.max(FEW, CHUNK / k / FEW * FEW);
    for (int r = from; r < to; r += chunk) {
      int count = Math.min(chunk, to - r);
      if (inPlace) {
        int stride = in.imageSize() / (window.outHeight() * window.outWidth());
        multiply(in.values(), r * stride, stride, r, count, first, last);
      } else {
        float[] packed = pad.ofLayer(count * packedStride + lanes);
        pack(r, count, packed);
        multiply(packed, 0, packedStride, r, count, first, last);
      }
    }
  }

  private void multiply(
      float[] x, int xAt, int xStride, int row, int count, int firstPanel, int lastPanel) {
    int parts = (k + DEPTH - 1) / DEPTH;
    for (int p = firstPanel; p < lastPanel; ) {
      int panels = panelsAtOnce(p, lastPanel, count);
      int blocks = panelFrom[p + 1] - panelFrom[p];
      int column = panelFrom[p] * lanes;
      int width = (panelFrom[p + panels] - panelFrom[p]) * lanes;
      for (int part = 0; part < parts; part++) {
        int from = (int) ((long) k * part / parts);
        int depth = (int) ((long) k * (part + 1) / parts) - from;
        int w = column * k + from * blocks * lanes;
        for (int r = 0; r < count; r += RowKernels.STRIP) {
          int height = Math.min(RowKernels.STRIP, count - r);
          int xRow = xAt + r * xStride + from;
          product(x, xRow, xStride, depth, w, blocks, panels, part == 0, row + r, column, height);
          if (part == parts - 1) {
            finish((row + r) * out.stride + column, height, column, width);
          }
        }
      }
      p += panels;
    }
  }

  /** How many full panels to take at once: several if few rows meet many weights. */
  private int panelsAtOnce(int p, int lastPanel, int count) {
    int full = p;
    while (full < lastPanel && full < p + 4 && panelFrom[full + 1] - panelFrom[full] == 4) {
      full++;
    }
    if (count > RowKernels.STRIP || weights.length < LARGE || full - p < 2) {
      return 1;
    }
    return count == 1 && full - p == 4 ? 4 : 2;
  }

  private void product(
      float[] x,
      int xAt,
      int xStride,
      int depth,
      int w,
      int blocks,
      int panels,
      boolean first,
      int row,
      int column,
      int height) {
    float[] y = out.values();
    int to = row * out.stride + column;
    // The sums begin with the bias or the other term, and go on from part to part.
    float[] z = !first ? y : residual == null ? bias : residual.values();
    int zStride = !first ? out.stride : residual == null ? 0 : residual.stride;
    int from = !first ? to : residual == null ? column : row * residual.stride + column;
    if (panels == 1) {
      kernels.multiply(
          x, xAt, xStride, depth, weights, w, blocks, z, from, zStride, y, to, out.stride, height);
    } else {
      int panel = k * blocks * lanes;
      kernels.multiplyPanels(
          x,
          xAt,
          xStride,
          depth,
          weights,
          w,
          panel,
          panels,
          z,
          from,
          zStride,
          y,
          to,
          out.stride,
          height);
    }
  }

  private void finish(int y, int height, int column, int width) {
    float[] values = out.values();
    if (residual != null) {
      kernels.addAndActivate(activation, bias, column, values, y, out.stride, height, width);
    } else if (activation.kind() != Activation.Kind.LINEAR) {
      kernels.activate(activation, values, y, out.stride, height, width);
    }
  }

  /** Copies the values under the windows of some rows, one row after another. */
  private void pack(int row, int count, float[] packed) {
    int width = window.outWidth();
    int to = 0;
    for (int r = row; r < row + count; ) {
      int j = r % width;
      int line = r / width;
      int windows = Math.min(width - j, row + count - r);
      int image = line / window.outHeight() * in.imageSize();
      int y = window.row(line % window.outHeight());
      for (int u = 0; u < window.kernelHeight(); u++) {
        int at = to + u * window.kernelWidth() * in.shape.channels();
        packLine(image, y + u * window.dilationHeight(), j, windows, packed, at);
      }
      r += windows;
      to += windows * packedStride;
    }
  }

  /**
   * Copies one row of some windows that lie side by side. What is written behind its end is the
   * next row's, which is copied later, or behind the end of the packed row.
   */
  private void packLine(int image, int y, int j, int windows, float[] packed, int to) {
    int channels = in.shape.channels();
    int length = window.kernelWidth() * channels;
    if (y < 0 || y >= window.height()) {
      for (int n = 0; n < windows; n++) {
        kernels.clear(packed, to + n * packedStride, length);
      }
      return;
    }
    int row = image + y * window.width() * in.stride;
    boolean runs = window.dilationWidth() == 1 && in.isDense();
    int first = Math.max(j, Math.min(j + windows, firstInside));
    int last = Math.max(first, Math.min(j + windows, lastInside));
    for (int n = j; n < first; n++) {
      packColumns(row, window.column(n), packed, to + (n - j) * packedStride);
    }
    int x = row + window.column(first) * in.stride;
    int step = window.strideWidth() * in.stride;
    int at = to + (first - j) * packedStride;
    if (runs) {
      kernels.copyWindows(in.values(), x, step, packed, at, packedStride, last - first, length);
    } else {
      for (int v = 0; v < window.kernelWidth(); v++) {
        kernels.copyWindows(
            in.values(),
            x + v * window.dilationWidth() * in.stride,
            step,
            packed,
            at + v * channels,
            packedStride,
            last - first,
            channels);
      }
    }
    for (int n = last; n < j + windows; n++) {
      packColumns(row, window.column(n), packed, to + (n - j) * packedStride);
    }
  }

  /** Copies one row of a window that is partly in the padding. */
  private void packColumns(int row, int x, float[] packed, int to) {
    int channels = in.shape.channels();
    for (int v = 0; v < window.kernelWidth(); v++) {
      int column = x + v * window.dilationWidth();
      if (column >= 0 && column < window.width()) {
        kernels.copy(in.values(), row + column * in.stride, packed, to + v * channels, channels);
      } else {
        kernels.clear(packed, to + v * channels, channels);
      }
    }
  }
}
