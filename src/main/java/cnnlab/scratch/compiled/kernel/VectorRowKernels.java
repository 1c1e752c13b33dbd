package cnnlab.scratch.compiled.kernel;

import static cnnlab.scratch.compiled.kernel.VectorTiles.L;

import cnnlab.scratch.layer.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops of {@link RowKernels} on vectors of L floats. */
final class VectorRowKernels extends RowKernels {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** The number of NaNs of one sign. */
  private static final int NANS = 0x7FFFFF;

  private static final int ALL = Integer.SIZE - 1;

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(SPECIES, a, at);
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  @Override
  public int lanes() {
    return L;
  }

  /** Vectors of 8 floats come with 16 registers (AVX2), others with 32 (AVX-512, NEON). */
  @Override
  public int panelBlocks() {
    return L == 8 ? 2 : 4;
  }

  @Override
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
    switch (blocks) {
      case 4 -> multiply4(x, xAt, xStride, k, w, wAt, z, zAt, zStride, y, yAt, yStride, rows);
      case 2 -> multiply2(x, xAt, xStride, k, w, wAt, z, zAt, zStride, y, yAt, yStride, rows);
      default -> multiply1(x, xAt, xStride, k, w, wAt, z, zAt, zStride, y, yAt, yStride, rows);
    }
  }

  private static void multiply4(
      float[] x,
      int at,
      int xRow,
      int k,
      float[] w,
      int wAt,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow,
      int n) {
    int r = 0;
    for (; r + 4 <= n; r += 4) {
      VectorTiles.tile4x4(
          x, at + r * xRow, xRow, k, w, wAt, z, zAt + r * zRow, zRow, y, yAt + r * yRow, yRow);
    }
    if (r + 2 <= n) {
      VectorTiles.tile2x4(
          x, at + r * xRow, xRow, k, w, wAt, z, zAt + r * zRow, zRow, y, yAt + r * yRow, yRow);
      r += 2;
    }
    if (r < n) {
      VectorTiles.tile1x4(
          x, at + r * xRow, xRow, k, w, wAt, z, zAt + r * zRow, zRow, y, yAt + r * yRow, yRow);
    }
  }

  private static void multiply2(
      float[] x,
      int at,
      int xRow,
      int k,
      float[] w,
      int wAt,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow,
      int n) {
    int r = 0;
    for (; r + 4 <= n; r += 4) {
      VectorTiles.tile4x2(
          x, at + r * xRow, xRow, k, w, wAt, z, zAt + r * zRow, zRow, y, yAt + r * yRow, yRow);
    }
    if (r + 2 <= n) {
      VectorTiles.tile2x2(
          x, at + r * xRow, xRow, k, w, wAt, z, zAt + r * zRow, zRow, y, yAt + r * yRow, yRow);
      r += 2;
    }
    if (r < n) {
      VectorTiles.tile1x2(
          x, at + r * xRow, xRow, k, w, wAt, z, zAt + r * zRow, zRow, y, yAt + r * yRow, yRow);
    }
  }

  private static void multiply1(
      float[] x,
      int at,
      int xRow,
      int k,
      float[] w,
      int wAt,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow,
      int n) {
    int r = 0;
    for (; r + 8 <= n; r += 8) {
      VectorTiles.tile8x1(
          x, at + r * xRow, xRow, k, w, wAt, z, zAt + r * zRow, zRow, y, yAt + r * yRow, yRow);
    }
    if (r + 4 <= n) {
      VectorTiles.tile4x1(
          x, at + r * xRow, xRow, k, w, wAt, z, zAt + r * zRow, zRow, y, yAt + r * yRow, yRow);
      r += 4;
    }
    if (r + 2 <= n) {
      VectorTiles.tile2x1(
          x, at + r * xRow, xRow, k, w, wAt, z, zAt + r * zRow, zRow, y, yAt + r * yRow, yRow);
      r += 2;
    }
    if (r < n) {
      VectorTiles.tile1x1(
          x, at + r * xRow, xRow, k, w, wAt, z, zAt + r * zRow, zRow, y, yAt + r * yRow, yRow);
    }
  }

  @Override
  public void multiplyPanels(
      float[] x,
      int at,
      int xRow,
      int k,
      float[] w,
      int wAt,
      int panel,
      int panels,
      float[] z,
      int zAt,
      int zRow,
      float[] y,
      int yAt,
      int yRow,
      int rows) {
    if (panels == 4) {
      VectorStreams.tile1x16(x, at, k, w, wAt, panel, z, zAt, y, yAt);
      return;
    }
    int r = 0;
    for (; r + 2 <= rows; r += 2) {
      VectorStreams.tile2x8(
          x,
          at + r * xRow,
          xRow,
          k,
          w,
          wAt,
          panel,
          z,
          zAt + r * zRow,
          zRow,
          y,
          yAt + r * yRow,
          yRow);
    }
    if (r < rows) {
      VectorStreams.tile1x8(
          x, at + r * xRow, k, w, wAt, panel, z, zAt + r * zRow, y, yAt + r * yRow);
    }
  }

  @Override
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
    int line = taps.length == 9 ? taps[3] : 0;
    boolean square = line > 0 && taps[1] == L && taps[8] == 2 * (line + L);
    for (int p = 0; p < positions; p += 4) {
      if (positions < 4) {
        for (int q = 0; q < positions; q++) {
          VectorDepthwise.single(
              x, xAt + q * xStride, taps, w, wAt, bias, biasAt, y, yAt + q * yStride);
        }
        return;
      }
      // The last block is moved back over the one before it.
      int first = Math.min(p, positions - 4);
      int at = xAt + first * xStride;
      int to = yAt + first * yStride;
      if (square && xStride == L) {
        VectorDepthwise.square(x, at, line, w, wAt, bias, biasAt, y, to, yStride);
      } else if (square && xStride == 2 * L) {
        VectorDepthwise.squareOfStride2(x, at, line, w, wAt, bias, biasAt, y, to, yStride);
      } else {
        VectorDepthwise.four(x, at, xStride, taps, w, wAt, bias, biasAt, y, to, yStride);
      }
    }
  }

  @Override
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
    for (int o = 0; o < channels; ) {
      int block = channels - o >= 4 ? 4 : 1;
      for (int j = 0; j < vectors; ) {
        int pair = vectors - j >= 2 ? 2 : 1;
        int at = xAt + j * L;
        int to = yAt + o * plane + j * L;
        if (block == 4 && pair == 2) {
          VectorColumns.block4x2(x, at, taps, w, o, bias, y, to, plane);
        } else if (block == 4) {
          VectorColumns.block4x1(x, at, taps, w, o, bias, y, to, plane);
        } else {
          VectorColumns.block1x1(x, at, taps, w, o, bias, y, to);
          pair = 1;
        }
        j += pair;
      }
      o += block;
    }
  }

  /** max(v, 0): 0 for −0, NaN for NaN; see {@code VectorMath.notNegative}. */
  private static FloatVector notNegative(FloatVector v) {
    IntVector bits = v.reinterpretAsInts();
    IntVector negative = bits.add(NANS).and(bits).lanewise(VectorOperators.ASHR, ALL);
    return bits.and(negative.not()).reinterpretAsFloats();
  }

  @Override
  public void activate(Activation f, float[] x, int xAt, float[] y, int yAt, int count) {
    switch (f.kind()) {
      case RELU -> relu(x, xAt, y, yAt, count);
      case GENERAL_RELU -> {
        if (f.alpha() == 0 && f.threshold() == 0 && f.max() >= 0) {
          clip(x, xAt, y, yAt, count, f.max());
        } else {
          super.activate(f, x, xAt, y, yAt, count);
        }
      }
      case SIGMOID -> sigmoid(x, xAt, y, yAt, count);
      case SILU -> silu(x, xAt, y, yAt, count);
      case HARD_SIGMOID -> hardSigmoid(f.alpha(), x, xAt, y, yAt, count);
      case HARD_SILU -> hardSilu(x, xAt, y, yAt, count);
      default -> super.activate(f, x, xAt, y, yAt, count);
    }
  }

  @Override
  public void activate(Activation f, float[] y, int yAt, int yStride, int rows, int width) {
    boolean relu = f.kind() == Activation.Kind.RELU;
    boolean clip =
        f.kind() == Activation.Kind.GENERAL_RELU
            && f.alpha() == 0
            && f.threshold() == 0
            && f.max() >= 0;
    for (int j = 0; j < width; j += L) {
      if (relu) {
        reluColumn(y, yAt + j, yStride, rows);
      } else if (clip) {
        clipColumn(y, yAt + j, yStride, rows, f.max());
      } else {
        super.activate(f, y, yAt, yStride, rows, width);
        return;
      }
    }
  }

  @Override
  public void addAndActivate(
      Activation f, float[] bias, int from, float[] y, int yAt, int yStride, int rows, int width) {
    boolean relu = f.kind() == Activation.Kind.RELU;
    for (int j = 0; j < width; j += L) {
      FloatVector b = load(bias, from + j);
      if (relu) {
        addAndRelu(b, y, yAt + j, yStride, rows);
      } else {
        addColumn(b, y, yAt + j, yStride, rows);
      }
    }
    if (!relu && f.kind() != Activation.Kind.LINEAR) {
      activate(f, y, yAt, yStride, rows, width);
    }
  }

  private static void addAndRelu(FloatVector b, float[] y, int yAt, int yStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = yAt + r * yStride;
      notNegative(load(y, at).add(b)).intoArray(y, at);
    }
  }

  private static void addColumn(FloatVector b, float[] y, int yAt, int yStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = yAt + r * yStride;
      load(y, at).add(b).intoArray(y, at);
    }
  }

  private static void reluColumn(float[] y, int yAt, int yStride, int rows) {
    for (int r = 0; r < rows; r++) {
      notNegative(load(y, yAt + r * yStride)).intoArray(y, yAt + r * yStride);
    }
  }

  private static void clipColumn(float[] y, int yAt, int yStride, int rows, float max) {
    IntVector top = bits(max);
    for (int r = 0; r < rows; r++) {
      clipped(load(y, yAt + r * yStride), top).intoArray(y, yAt + r * yStride);
    }
  }

  /**
   * v, but 0 below 0 and at most max, which is not negative; NaN for NaN. Floats that are not
   * negative have the order of their bits; those of NaN come last and are added again.
   */
  private static FloatVector clipped(FloatVector v, IntVector max) {
    IntVector bits = notNegative(v).reinterpretAsInts();
    IntVector nan = bits.add(NANS).lanewise(VectorOperators.ASHR, ALL).and(bits);
    return bits.min(max).or(nan).reinterpretAsFloats();
  }

  private static IntVector bits(float value) {
    return broadcast(value).reinterpretAsInts();
  }

  private static void relu(float[] x, int xAt, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i += L) {
      notNegative(load(x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  private static void clip(float[] x, int xAt, float[] y, int yAt, int count, float max) {
    IntVector top = bits(max);
    for (int i = 0; i < count; i += L) {
      clipped(load(x, xAt + i), top).intoArray(y, yAt + i);
    }
  }

  /** 1 / (1 + exp(−x)). */
  private static FloatVector logistic(FloatVector x) {
    FloatVector one = broadcast(1);
    return one.div(x.neg().lanewise(VectorOperators.EXP).add(one));
  }

  private static void sigmoid(float[] x, int xAt, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i += L) {
      logistic(load(x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  private static void silu(float[] x, int xAt, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i += L) {
      FloatVector v = load(x, xAt + i);
      v.mul(logistic(v)).intoArray(y, yAt + i);
    }
  }

  private static void hardSigmoid(float alpha, float[] x, int xAt, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i += L) {
      load(x, xAt + i).mul(alpha).add(0.5f).max(0f).min(1f).intoArray(y, yAt + i);
    }
  }

  private static void hardSilu(float[] x, int xAt, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i += L) {
      FloatVector v = load(x, xAt + i);
      v.mul(v.div(6f).add(0.5f).max(0f).min(1f)).intoArray(y, yAt + i);
    }
  }

  @Override
  public void scaleShift(
      float[] x, int xAt, float[] scale, float[] shift, float[] y, int yAt, int width) {
    for (int c = 0; c < width; c += L) {
      load(x, xAt + c).fma(load(scale, c), load(shift, c)).intoArray(y, yAt + c);
    }
  }

  @Override
  public void add(float[] x, int xAt, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i += L) {
      load(y, yAt + i).add(load(x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  @Override
  public void scale(float[] x, int xAt, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i += L) {
      load(y, yAt + i).mul(load(x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  @Override
  public void max(float[] x, int xAt, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i += L) {
      load(y, yAt + i).max(load(x, xAt + i)).intoArray(y, yAt + i);
    }
  }

  @Override
  public void max4(float[] x, int xAt, int second, int third, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i += L) {
      int at = xAt + i;
      FloatVector upper = load(x, at).max(load(x, at + second));
      FloatVector lower = load(x, at + third).max(load(x, at + third + second));
      upper.max(lower).intoArray(y, yAt + i);
    }
  }

  @Override
  public void mean4(float[] x, int xAt, int second, int third, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i += L) {
      int at = xAt + i;
      load(x, at)
          .add(load(x, at + second))
          .add(load(x, at + third))
          .add(load(x, at + third + second))
          .div(4)
          .intoArray(y, yAt + i);
    }
  }

  @Override
  public void divide(float[] y, int yAt, int count, float divisor) {
    for (int i = 0; i < count; i += L) {
      load(y, yAt + i).div(divisor).intoArray(y, yAt + i);
    }
  }

  @Override
  public void copy(float[] x, int xAt, float[] y, int yAt, int count) {
    for (int i = 0; i < count; i += L) {
      load(x, xAt + i).intoArray(y, yAt + i);
    }
  }

  @Override
  public void copyWindows(
      float[] x, int xAt, int xStride, float[] y, int yAt, int yStride, int windows, int length) {
    if (length <= L) {
      for (int n = 0; n < windows; n++) {
        load(x, xAt + n * xStride).intoArray(y, yAt + n * yStride);
      }
      return;
    }
    for (int n = 0; n < windows; n++) {
      int from = xAt + n * xStride;
      int to = yAt + n * yStride;
      for (int i = 0; i < length; i += L) {
        load(x, from + i).intoArray(y, to + i);
      }
    }
  }

  @Override
  public void deal(
      float[] x, int xAt, int xStride, float[] y, int yAt, int plane, int positions, int vectors) {
    if (vectors < 4) {
      super.deal(x, xAt, xStride, y, yAt, plane, positions, vectors);
      return;
    }
    for (int p = 0; p < positions; p++) {
      int from = xAt + p * xStride;
      int to = yAt + p * L;
      load(x, from).intoArray(y, to);
      load(x, from + L).intoArray(y, to + plane);
      load(x, from + 2 * L).intoArray(y, to + 2 * plane);
      load(x, from + 3 * L).intoArray(y, to + 3 * plane);
    }
  }

  @Override
  public void clear(float[] y, int yAt, int count) {
    FloatVector zero = broadcast(0);
    for (int i = 0; i < count; i += L) {
      zero.intoArray(y, yAt + i);
    }
  }
}
