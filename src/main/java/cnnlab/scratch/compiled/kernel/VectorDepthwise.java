package cnnlab.scratch.compiled.kernel;

import static cnnlab.scratch.compiled.kernel.VectorTiles.L;
import static cnnlab.scratch.compiled.kernel.VectorTiles.load;

import jdk.incubator.vector.FloatVector;

/**
 * Blocks of a depthwise convolution that stay in registers; see {@link RowKernels#depthwise}. Like
 * those of {@link VectorTiles}, each has one loop.
 */
final class VectorDepthwise {
  private VectorDepthwise() {}

  /** Four positions of a kernel of 3x3, one position apart. */
  static void square(
      float[] x,
      int at,
      int line,
      float[] w,
      int wAt,
      float[] bias,
      int b,
      float[] y,
      int yAt,
      int yRow) {
    FloatVector s0 = load(bias, b), s1 = s0, s2 = s0, s3 = s0;
    for (int u = 0; u < 3; u++) {
      int row = at + u * line;
      int from = wAt + 3 * u * L;
      FloatVector w0 = load(w, from);
      FloatVector w1 = load(w, from + L);
      FloatVector w2 = load(w, from + 2 * L);
      FloatVector x0 = load(x, row);
      s0 = x0.fma(w0, s0);
      FloatVector x1 = load(x, row + L);
      s0 = x1.fma(w1, s0);
      s1 = x1.fma(w0, s1);
      FloatVector x2 = load(x, row + 2 * L);
      s0 = x2.fma(w2, s0);
      s1 = x2.fma(w1, s1);
      s2 = x2.fma(w0, s2);
      FloatVector x3 = load(x, row + 3 * L);
      s1 = x3.fma(w2, s1);
      s2 = x3.fma(w1, s2);
      s3 = x3.fma(w0, s3);
      FloatVector x4 = load(x, row + 4 * L);
      s2 = x4.fma(w2, s2);
      s3 = x4.fma(w1, s3);
      FloatVector x5 = load(x, row + 5 * L);
      s3 = x5.fma(w2, s3);
    }
    s0.intoArray(y, yAt);
    s1.intoArray(y, yAt + yRow);
    s2.intoArray(y, yAt + 2 * yRow);
    s3.intoArray(y, yAt + 3 * yRow);
  }

  /** Four positions of a kernel of 3x3, two positions apart. */
  static void squareOfStride2(
      float[] x,
      int at,
      int line,
      float[] w,
      int wAt,
      float[] bias,
      int b,
      float[] y,
      int yAt,
      int yRow) {
    FloatVector s0 = load(bias, b), s1 = s0, s2 = s0, s3 = s0;
    for (int u = 0; u < 3; u++) {
      int row = at + u * line;
      int from = wAt + 3 * u * L;
      FloatVector w0 = load(w, from);
      FloatVector w1 = load(w, from + L);
      FloatVector w2 = load(w, from + 2 * L);
      FloatVector x0 = load(x, row);
      s0 = x0.fma(w0, s0);
      FloatVector x1 = load(x, row + L);
      s0 = x1.fma(w1, s0);
      FloatVector x2 = load(x, row + 2 * L);
      s0 = x2.fma(w2, s0);
      s1 = x2.fma(w0, s1);
      FloatVector x3 = load(x, row + 3 * L);
      s1 = x3.fma(w1, s1);
      FloatVector x4 = load(x, row + 4 * L);
      s1 = x4.fma(w2, s1);
      s2 = x4.fma(w0, s2);
      FloatVector x5 = load(x, row + 5 * L);
      s2 = x5.fma(w1, s2);
      FloatVector x6 = load(x, row + 6 * L);
      s2 = x6.fma(w2, s2);
      s3 = x6.fma(w0, s3);
      FloatVector x7 = load(x, row + 7 * L);
      s3 = x7.fma(w1, s3);
      FloatVector x8 = load(x, row + 8 * L);
      s3 = x8.fma(w2, s3);
    }
    s0.intoArray(y, yAt);
    s1.intoArray(y, yAt + yRow);
    s2.intoArray(y, yAt + 2 * yRow);
    s3.intoArray(y, yAt + 3 * yRow);
  }

  /** Four positions of any kernel. */
  static void four(
      float[] x,
      int at,
      int row,
      int[] taps,
      float[] w,
      int wAt,
      float[] bias,
      int b,
      float[] y,
      int yAt,
      int yRow) {
    FloatVector s0 = load(bias, b), s1 = s0, s2 = s0, s3 = s0;
    for (int t = 0; t < taps.length; t++) {
      int tap = at + taps[t];
      FloatVector v = load(w, wAt + t * L);
      s0 = load(x, tap).fma(v, s0);
      s1 = load(x, tap + row).fma(v, s1);
      s2 = load(x, tap + 2 * row).fma(v, s2);
      s3 = load(x, tap + 3 * row).fma(v, s3);
    }
    s0.intoArray(y, yAt);
    s1.intoArray(y, yAt + yRow);
    s2.intoArray(y, yAt + 2 * yRow);
    s3.intoArray(y, yAt + 3 * yRow);
  }

  /** One position of any kernel. */
  static void single(
      float[] x, int at, int[] taps, float[] w, int wAt, float[] bias, int b, float[] y, int yAt) {
    FloatVector s = load(bias, b);
    for (int t = 0; t < taps.length; t++) {
      s = load(x, at + taps[t]).fma(load(w, wAt + t * L), s);
    }
    s.intoArray(y, yAt);
  }
}
