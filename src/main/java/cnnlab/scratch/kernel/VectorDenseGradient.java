package cnnlab.scratch.kernel;

import static cnnlab.scratch.kernel.VectorMath.L;
import static cnnlab.scratch.kernel.VectorMath.SPECIES;
import static cnnlab.scratch.kernel.VectorMath.broadcast;
import static cnnlab.scratch.kernel.VectorMath.load;
import static cnnlab.scratch.kernel.VectorMath.sumLanes;

import jdk.incubator.vector.FloatVector;

/**
 * The weight gradient of a dense layer, in blocks of four inputs by four vectors of outputs.
 *
 * <p>Each block reads what it needs from {@link Columns} into local variables before its loop. The
 * loop itself uses plain arrays and ints only, so that JDK 17 keeps the accumulators in registers.
 */
final class VectorDenseGradient {
  private static final int SHIFT = Integer.numberOfTrailingZeros(L);

  private VectorDenseGradient() {}

  /**
   * 4L columns of the gradient, their dy transposed.
   *
   * @param shape of the layer
   * @param x input [groups, in, L]
   * @param dy [images, 4L]
   * @param images all images of all groups
   * @param dw receives the gradient [in, out]
   * @param begin the position in {@code dw} of the first input's first column
   */
  private record Columns(
      DenseShape shape, float[] x, float[] dy, int images, float[] dw, int begin) {}

  /**
   * Rows of dw[i, o] = Σ_n x[n, i] · dy[n, o]. With many outputs, dy is transposed to [n, out] and
   * vectors run along the outputs; for the remaining outputs, vectors run along the images and
   * their lanes are summed at the end.
   */
  static void weightGradientRows(
      DenseShape shape,
      float[] x,
      float[] dy,
      WeightsAndBias gradients,
      int groups,
      Range rows,
      Scratchpad pad) {
    float[] dw = gradients.values();
    int out = shape.out();
    int width = 4 * L;
    int wide = out / width * width;
    float[] transposed = pad.floats(2, groups * L * width);
    for (int o = 0; o < wide; o += width) {
      transpose(out, o, dy, groups, transposed);
      Columns columns = new Columns(shape, x, transposed, groups * L, dw, gradients.weights() + o);
      for (int i = rows.from(); i < rows.to(); i++) {
        if (i + 4 <= rows.to()) {
          outer4x4(columns, i);
          i += 3;
        } else {
          outer1x4(columns, i);
        }
      }
    }
    for (int i = rows.from(); i < rows.to(); i++) {
      for (int o = wide; o < out; o++) {
        dw[gradients.weights() + i * out + o] = dot(shape, x, i, dy, o, groups, pad);
      }
    }
  }

  private static float dot(
      DenseShape shape, float[] x, int i, float[] dy, int o, int groups, Scratchpad pad) {
    int in = shape.in();
    int out = shape.out();
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int g = 0; g < groups; g++) {
      sum = load(x, (g * in + i) * L).fma(load(dy, (g * out + o) * L), sum);
    }
    return sumLanes(sum, pad);
  }

  /** Columns o to o + 4L of dy [groups, out, L] as [n, 4L]. */
  private static void transpose(int out, int o, float[] dy, int groups, float[] transposed) {
    int width = 4 * L;
    for (int g = 0; g < groups; g++) {
      for (int l = 0; l < L; l++) {
        int row = (g * L + l) * width;
        int at = (g * out + o) * L + l;
        for (int k = 0; k < width; k++) {
          transposed[row + k] = dy[at + k * L];
        }
      }
    }
  }

  /** Rows i to i + 3 by 4L columns of the gradient. */
  private static void outer4x4(Columns columns, int i) {
    int in = columns.shape.in();
    int out = columns.shape.out();
    float[] x = columns.x;
    float[] rows = columns.dy;
    int images = columns.images;
    float[] dw = columns.dw;
    int target = columns.begin + i * out;
    FloatVector s00 = FloatVector.zero(SPECIES), s01 = s00, s02 = s00, s03 = s00;
    FloatVector s10 = s00, s11 = s00, s12 = s00, s13 = s00;
    FloatVector s20 = s00, s21 = s00, s22 = s00, s23 = s00;
    FloatVector s30 = s00, s31 = s00, s32 = s00, s33 = s00;
    for (int n = 0; n < images; n++) {
      int row = n * 4 * L;
      int at = ((n >> SHIFT) * in + i) * L + (n & (L - 1));
      FloatVector y0 = load(rows, row);
      FloatVector y1 = load(rows, row + L);
      FloatVector y2 = load(rows, row + 2 * L);
      FloatVector y3 = load(rows, row + 3 * L);
      FloatVector x0 = broadcast(x[at]);
      s00 = y0.fma(x0, s00);
      s01 = y1.fma(x0, s01);
      s02 = y2.fma(x0, s02);
      s03 = y3.fma(x0, s03);
      FloatVector x1 = broadcast(x[at + L]);
      s10 = y0.fma(x1, s10);
      s11 = y1.fma(x1, s11);
      s12 = y2.fma(x1, s12);
      s13 = y3.fma(x1, s13);
      FloatVector x2 = broadcast(x[at + 2 * L]);
      s20 = y0.fma(x2, s20);
      s21 = y1.fma(x2, s21);
      s22 = y2.fma(x2, s22);
      s23 = y3.fma(x2, s23);
      FloatVector x3 = broadcast(x[at + 3 * L]);
      s30 = y0.fma(x3, s30);
      s31 = y1.fma(x3, s31);
      s32 = y2.fma(x3, s32);
      s33 = y3.fma(x3, s33);
    }
    s00.intoArray(dw, target);
    s01.intoArray(dw, target + L);
    s02.intoArray(dw, target + 2 * L);
    s03.intoArray(dw, target + 3 * L);
    s10.intoArray(dw, target + out);
    s11.intoArray(dw, target + out + L);
    s12.intoArray(dw, target + out + 2 * L);
    s13.intoArray(dw, target + out + 3 * L);
    s20.intoArray(dw, target + 2 * out);
    s21.intoArray(dw, target + 2 * out + L);
    s22.intoArray(dw, target + 2 * out + 2 * L);
    s23.intoArray(dw, target + 2 * out + 3 * L);
    s30.intoArray(dw, target + 3 * out);
    s31.intoArray(dw, target + 3 * out + L);
    s32.intoArray(dw, target + 3 * out + 2 * L);
    s33.intoArray(dw, target + 3 * out + 3 * L);
  }

  private static void outer1x4(Columns columns, int i) {
    int in = columns.shape.in();
    float[] x = columns.x;
    float[] rows = columns.dy;
    int images = columns.images;
    float[] dw = columns.dw;
    int target = columns.begin + i * columns.shape.out();
    FloatVector s0 = FloatVector.zero(SPECIES), s1 = s0, s2 = s0, s3 = s0;
    for (int n = 0; n < images; n++) {
      int row = n * 4 * L;
      FloatVector x0 = broadcast(x[((n >> SHIFT) * in + i) * L + (n & (L - 1))]);
      s0 = load(rows, row).fma(x0, s0);
      s1 = load(rows, row + L).fma(x0, s1);
      s2 = load(rows, row + 2 * L).fma(x0, s2);
      s3 = load(rows, row + 3 * L).fma(x0, s3);
    }
    s0.intoArray(dw, target);
    s1.intoArray(dw, target + L);
    s2.intoArray(dw, target + 2 * L);
    s3.intoArray(dw, target + 3 * L);
  }
}
