package cnnlab.scratch.compiled.kernel;

import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Activation;
import java.util.Arrays;

/**
 * The loops of a {@code CompiledNetwork} on rows of channels, written plainly. {@code
 * VectorRowKernels} computes the same on vectors.
 *
 * <p>A width or count is rounded up to a multiple of {@link #lanes}: reading and writing that far
 * must be possible, and what is written there is undefined.
 */
public class RowKernels {
  /** Rows that go through a matrix product together, so that they stay in the nearest cache. */
  public static final int STRIP = 8;

  private static final String VECTORS = "cnnlab.scratch.compiled.kernel.VectorRowKernels";

  /** The loops on vectors if the others have them, else the plain ones. */
  public static RowKernels like(Kernels kernels) {
    if (kernels.lanes() == 1) {
      return new RowKernels();
    }
    try {
      // By name: the class is compiled in a step of its own and cannot be loaded without the
      // module.
      return (RowKernels) Class.forName(VECTORS).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          VECTORS + " cannot be loaded although the module is there", e);
    }
  }

  /** L, the floats of one vector. */
  public int lanes() {
    return 4;
  }

  /** The most blocks of L columns that {@link #multiply} takes at once: 4, 2 or 1. */
  public int panelBlocks() {
    return 4;
  }

  /** {@code count} rounded up to whole vectors. */
  public final int padded(int count) {
    return (count + lanes() - 1) / lanes() * lanes();
  }

  /**
   * y[r, j] = z[r, j] + Σ_i x[r, i] · w[i, j].
   *
   * @param k columns of x
   * @param w [k, blocks·L] at {@code wAt}
   * @param blocks 4, 2 or 1 blocks of L columns
   * @param z what the sums begin with; may be {@code y}
   * @param zStride floats from one row of z to the next; 0 for one row for all
   */
  public void multiply(
      float[] x,
      int xAt,
      int xStride,
      int k,
      float[] w,
      int wAt,
      int blocks,
      float[] z,
      int zAt,
      int zStride,
      float[] y,
      int yAt,
      int yStride,
      int rows) {
    int width = blocks * lanes();
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j++) {
        float sum = z[zAt + r * zStride + j];
        for (int i = 0; i < k; i++) {
          sum += x[xAt + r * xStride + i] * w[wAt + i * width + j];
        }
        y[yAt + r * yStride + j] = sum;
      }
    }
  }

  /**
   * {@link #multiply} with several panels of four blocks. Where there are few rows, time goes into
   * reading weights from memory, and processors read several places at once faster than one.
   *
   * @param panel floats from one panel of w to the next
   * @param panels 2, or 4 for one row
   */
  public void multiplyPanels(
      float[] x,
      int xAt,
      int xStride,
      int k,
      float[] w,
      int wAt,
      int panel,
      int panels,
      float[] z,
      int zAt,
      int zStride,
      float[] y,
      int yAt,
      int yStride,
      int rows) {
    for (int p = 0; p < panels; p++) {
      int column = 4 * p * lanes();
      multiply(
          x,
          xAt,
          xStride,
          k,
          w,
          wAt + p * panel,
          4,
          z,
          zAt + column,
          zStride,
          y,
          yAt + column,
          yStride,
          rows);
    }
  }

  /**
   * Depthwise convolution of L channels at positions that follow each other: y[p, c] = bias[c] +
   * Σ_t w[t, c] · x[p, c + taps[t]].
   *
   * @param xStride floats of the input from one position to the next
   * @param taps where the input of each tap lies, from {@code xAt}
   * @param w [taps, L] at {@code wAt}
   */
  public void depthwise(
      float[] x,
      int xAt,
      int xStride,
      int[] taps,
      float[] w,
      int wAt,
      float[] bias,
      int biasAt,
      float[] y,
      int yAt,
      int yStride,
      int positions) {
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < lanes(); c++) {
        float sum = bias[biasAt + c];
        for (int t = 0; t < taps.length; t++) {
          sum += w[wAt + t * lanes() + c] * x[xAt + p * xStride + taps[t] + c];
        }
        y[yAt + p * yStride + c] = sum;
      }
    }
  }

  /**
   * One row of a convolution on planes, with columns side by side: y[o, j] = bias[o] + Σ_t w[o, t]
   * · x[j + taps[t]].
   *
   * @param xAt where the first column's first tap lies
   * @param w [channels, taps]
   * @param plane floats from one output channel to the next
   * @param vectors the columns, in vectors
   */
  public void columns(
      float[] x,
      int xAt,
      int[] taps,
      float[] w,
      float[] bias,
      int channels,
      float[] y,
      int yAt,
      int plane,
      int vectors) {
    for (int o = 0; o < channels; o++) {
      for (int j = 0; j < vectors * lanes(); j++) {
        float sum = bias[o];
        for (int t = 0; t < taps.length; t++) {
          sum += w[o * taps.length + t] * x[xAt + j + taps[t]];
        }
        y[yAt + o * plane + j] = sum;
      }
    }
  }

  /** y = f(x); both may be the same. */
  public void activate(Activation f, float[] x, int xAt, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i++) {
      y[yAt + i] = f.apply(x[xAt + i]);
    }
  }

  /** y = f(y) in some rows of {@code width} floats. */
  public void activate(Activation f, float[] y, int yAt, int yStride, int rows, int width) {
    for (int r = 0; r < rows; r++) {
      int at = yAt + r * yStride;
      activate(f, y, at, y, at, width);
    }
  }

  /** y = f(y + bias) in some rows of {@code width} floats. */
  public void addAndActivate(
      Activation f, float[] bias, int from, float[] y, int yAt, int yStride, int rows, int width) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j++) {
        y[yAt + r * yStride + j] += bias[from + j];
      }
    }
    if (f.kind() != Activation.Kind.LINEAR) {
      activate(f, y, yAt, yStride, rows, width);
    }
  }

  /** y[c] = scale[c] · x[c] + shift[c]. */
  public void scaleShift(
      float[] x, int xAt, float[] scale, float[] shift, float[] y, int yAt, int width) {
    for (int c = 0; c < width; c++) {
      y[yAt + c] = scale[c] * x[xAt + c] + shift[c];
    }
  }

  /** y += x. */
  public void add(float[] x, int xAt, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i++) {
      y[yAt + i] += x[xAt + i];
    }
  }

  /** y = y · x. */
  public void scale(float[] x, int xAt, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i++) {
      y[yAt + i] *= x[xAt + i];
    }
  }

  /** y = max(y, x), NaN if one is. */
  public void max(float[] x, int xAt, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i++) {
      y[yAt + i] = Math.max(y[yAt + i], x[xAt + i]);
    }
  }

  /** y = the largest of four rows of x, of which the others lie at the given distances. */
  public void max4(float[] x, int xAt, int second, int third, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i++) {
      int at = xAt + i;
      y[yAt + i] =
          Math.max(
              Math.max(x[at], x[at + second]), Math.max(x[at + third], x[at + third + second]));
    }
  }

  /** y = the mean of four rows of x, of which the others lie at the given distances. */
  public void mean4(float[] x, int xAt, int second, int third, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i++) {
      int at = xAt + i;
      y[yAt + i] = (x[at] + x[at + second] + x[at + third] + x[at + third + second]) / 4;
    }
  }

  /** y = y / divisor. */
  public void divide(float[] y, int yAt, int count, float divisor) {
    for (int i = 0; i < count; i++) {
      y[yAt + i] /= divisor;
    }
  }

  /** y = x. */
  public void copy(float[] x, int xAt, float[] y, int yAt, int count) {
    System.arraycopy(x, xAt, y, yAt, count);
  }

  /** Copies runs of {@code length} floats from places {@code xStride} apart. */
  public void copyWindows(
      float[] x, int xAt, int xStride, float[] y, int yAt, int yStride, int windows, int length) {
    for (int n = 0; n < windows; n++) {
      System.arraycopy(x, xAt + n * xStride, y, yAt + n * yStride, length);
    }
  }

  /**
   * Deals some vectors of channels at positions that follow each other to planes: y[b, p] = x[p,
   * b].
   *
   * @param xStride floats from one position of x to the next
   * @param plane floats from one plane of y to the next
   * @param vectors 1 to 4
   */
  public void deal(
      float[] x, int xAt, int xStride, float[] y, int yAt, int plane, int positions, int vectors) {
    for (int b = 0; b < vectors; b++) {
      copyWindows(x, xAt + b * lanes(), xStride, y, yAt + b * plane, lanes(), positions, lanes());
    }
  }

  /** y = 0. */
  public void clear(float[] y, int yAt, int count) {
    Arrays.fill(y, yAt, yAt + count, 0);
  }
}
