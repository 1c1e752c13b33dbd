package cnnlab.scratch.compiled.kernel;

import static cnnlab.scratch.compiled.kernel.VectorTiles.L;
import static cnnlab.scratch.compiled.kernel.VectorTiles.broadcast;
import static cnnlab.scratch.compiled.kernel.VectorTiles.load;

import jdk.incubator.vector.FloatVector;

/**
 * Blocks of a convolution on planes that stay in registers; see {@link RowKernels#columns}. Like
 * those of {@link VectorTiles}, each has one loop.
 */
final class VectorColumns {
  private VectorColumns() {}

  /** Four output channels at two vectors of columns. */
  static void block4x2(
      float[] x,
      int at,
      int[] taps,
      float[] w,
      int o,
      float[] bias,
      float[] y,
      int yAt,
      int plane) {
    FloatVector s00 = broadcast(bias[o]);
    FloatVector s01 = s00;
    FloatVector s10 = broadcast(bias[o + 1]);
    FloatVector s11 = s10;
    FloatVector s20 = broadcast(bias[o + 2]);
    FloatVector s21 = s20;
    FloatVector s30 = broadcast(bias[o + 3]);
    FloatVector s31 = s30;
    int n = taps.length;
    int from = o * n;
    for (int t = 0; t < n; t++) {
      int tap = at + taps[t];
      FloatVector x0 = load(x, tap);
      FloatVector x1 = load(x, tap + L);
      FloatVector w0 = broadcast(w[from + t]);
      s00 = x0.fma(w0, s00);
      s01 = x1.fma(w0, s01);
      FloatVector w1 = broadcast(w[from + n + t]);
      s10 = x0.fma(w1, s10);
      s11 = x1.fma(w1, s11);
      FloatVector w2 = broadcast(w[from + 2 * n + t]);
      s20 = x0.fma(w2, s20);
      s21 = x1.fma(w2, s21);
      FloatVector w3 = broadcast(w[from + 3 * n + t]);
      s30 = x0.fma(w3, s30);
      s31 = x1.fma(w3, s31);
    }
    s00.intoArray(y, yAt);
    s01.intoArray(y, yAt + L);
    s10.intoArray(y, yAt + plane);
    s11.intoArray(y, yAt + plane + L);
    s20.intoArray(y, yAt + 2 * plane);
    s21.intoArray(y, yAt + 2 * plane + L);
    s30.intoArray(y, yAt + 3 * plane);
    s31.intoArray(y, yAt + 3 * plane + L);
  }

  /** Four output channels at one vector of columns. */
  static void block4x1(
      float[] x,
      int at,
      int[] taps,
      float[] w,
      int o,
      float[] bias,
      float[] y,
      int yAt,
      int plane) {
    FloatVector s00 = broadcast(bias[o]);
    FloatVector s10 = broadcast(bias[o + 1]);
    FloatVector s20 = broadcast(bias[o + 2]);
    FloatVector s30 = broadcast(bias[o + 3]);
    int n = taps.length;
    int from = o * n;
    for (int t = 0; t < n; t++) {
      int tap = at + taps[t];
      FloatVector x0 = load(x, tap);
      FloatVector w0 = broadcast(w[from + t]);
      s00 = x0.fma(w0, s00);
      FloatVector w1 = broadcast(w[from + n + t]);
      s10 = x0.fma(w1, s10);
      FloatVector w2 = broadcast(w[from + 2 * n + t]);
      s20 = x0.fma(w2, s20);
      FloatVector w3 = broadcast(w[from + 3 * n + t]);
      s30 = x0.fma(w3, s30);
    }
    s00.intoArray(y, yAt);
    s10.intoArray(y, yAt + plane);
    s20.intoArray(y, yAt + 2 * plane);
    s30.intoArray(y, yAt + 3 * plane);
  }

  /** One output channel at one vector of columns. */
  static void block1x1(
      float[] x, int at, int[] taps, float[] w, int o, float[] bias, float[] y, int yAt) {
    FloatVector s = broadcast(bias[o]);
    int from = o * taps.length;
    for (int t = 0; t < taps.length; t++) {
      s = load(x, at + taps[t]).fma(broadcast(w[from + t]), s);
    }
    s.intoArray(y, yAt);
  }
}
