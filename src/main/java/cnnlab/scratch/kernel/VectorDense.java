package cnnlab.scratch.kernel;

import static cnnlab.scratch.kernel.VectorMath.L;
import static cnnlab.scratch.kernel.VectorMath.broadcast;
import static cnnlab.scratch.kernel.VectorMath.load;

import jdk.incubator.vector.FloatVector;

/**
 * Matrix products over the batch, in blocks of eight units by two groups of images.
 *
 * <p>Each block reads what it needs from {@link Matrix} into local variables before its loop. The
 * loop itself uses plain arrays and ints only, so that JDK 17 keeps the accumulators in registers.
 */
final class VectorDense {
  private VectorDense() {}

  /**
   * A matrix and the numbers that are added to its products; made once per call, not per block.
   *
   * @param inputs how many inputs there are
   * @param units how many outputs there are
   * @param weights holds the matrix
   * @param w the position of the weight of the first input and unit
   * @param inputStep from one input's weight to the next
   * @param unitStep from one unit's weight to the next
   * @param biases holds a bias for each unit
   * @param b the position of the first bias
   */
  record Matrix(
      int inputs,
      int units,
      float[] weights,
      int w,
      int inputStep,
      int unitStep,
      float[] biases,
      int b) {

    /** The matrix of a dense layer; a missing bias is read from zeros. */
    static Matrix of(DenseShape shape, WeightsAndBias parameters, Scratchpad pad) {
      boolean bias = parameters.hasBias();
      return new Matrix(
          shape.in(),
          shape.out(),
          parameters.values(),
          parameters.weights(),
          shape.out(),
          1,
          bias ? parameters.values() : pad.zeros(shape.out()),
          bias ? parameters.bias() : 0);
    }

    /** The same matrix transposed, without a bias: from outputs to inputs. */
    static Matrix transposed(DenseShape shape, WeightsAndBias parameters, Scratchpad pad) {
      return new Matrix(
          shape.out(),
          shape.in(),
          parameters.values(),
          parameters.weights(),
          1,
          shape.out(),
          pad.zeros(shape.in()),
          0);
    }
  }

  /**
   * A matrix product for some groups: y[unit] = bias[unit] + Σ_k w[k, unit] · x[k].
   *
   * @param x input [groups, inputs, L]
   * @param y output [groups, units, L]
   */
  static void product(Matrix matrix, float[] x, float[] y, Range groups) {
    boolean blocks = matrix.units >= 8;
    for (int u = 0; u < matrix.units; u += blocks ? 8 : 1) {
      // The last block is moved back over the one before it rather than cut short.
      int unit = blocks ? Math.min(u, matrix.units - 8) : u;
      int g = groups.from();
      for (; blocks && g + 2 <= groups.to(); g += 2) {
        product8x2(matrix, unit, x, y, g);
      }
      for (; g < groups.to(); g++) {
        for (int k = 0; k < (blocks ? 8 : 1); k++) {
          product1(matrix, unit + k, x, y, g);
        }
      }
    }
  }

  /** One unit of one group. */
  private static void product1(Matrix matrix, int unit, float[] x, float[] y, int group) {
    float[] weights = matrix.weights;
    int step = matrix.inputStep;
    int n = matrix.inputs;
    int w = matrix.w + unit * matrix.unitStep;
    int at = group * n * L;
    FloatVector sum = broadcast(matrix.biases[matrix.b + unit]);
    for (int k = 0; k < n; k++) {
      sum = load(x, at + k * L).fma(broadcast(weights[w + k * step]), sum);
    }
    sum.intoArray(y, (group * matrix.units + unit) * L);
  }

  /** Eight units of two groups. */
  private static void product8x2(Matrix matrix, int unit, float[] x, float[] y, int group) {
    float[] biases = matrix.biases;
    int b = matrix.b + unit;
    float[] weights = matrix.weights;
    int w = matrix.w + unit * matrix.unitStep;
    int inputStep = matrix.inputStep;
    int unitStep = matrix.unitStep;
    int n = matrix.inputs;
    int xStep = n * L;
    int at = group * xStep;
    int yStep = matrix.units * L;
    int target = group * yStep + unit * L;
    FloatVector s0 = broadcast(biases[b]), t0 = s0;
    FloatVector s1 = broadcast(biases[b + 1]), t1 = s1;
    FloatVector s2 = broadcast(biases[b + 2]), t2 = s2;
    FloatVector s3 = broadcast(biases[b + 3]), t3 = s3;
    FloatVector s4 = broadcast(biases[b + 4]), t4 = s4;
    FloatVector s5 = broadcast(biases[b + 5]), t5 = s5;
    FloatVector s6 = broadcast(biases[b + 6]), t6 = s6;
    FloatVector s7 = broadcast(biases[b + 7]), t7 = s7;
    for (int k = 0; k < n; k++) {
      FloatVector x0 = load(x, at + k * L);
      FloatVector x1 = load(x, at + xStep + k * L);
      int v = w + k * inputStep;
      FloatVector w0 = broadcast(weights[v]);
      s0 = x0.fma(w0, s0);
      t0 = x1.fma(w0, t0);
      FloatVector w1 = broadcast(weights[v + unitStep]);
      s1 = x0.fma(w1, s1);
      t1 = x1.fma(w1, t1);
      FloatVector w2 = broadcast(weights[v + 2 * unitStep]);
      s2 = x0.fma(w2, s2);
      t2 = x1.fma(w2, t2);
      FloatVector w3 = broadcast(weights[v + 3 * unitStep]);
      s3 = x0.fma(w3, s3);
      t3 = x1.fma(w3, t3);
      FloatVector w4 = broadcast(weights[v + 4 * unitStep]);
      s4 = x0.fma(w4, s4);
      t4 = x1.fma(w4, t4);
      FloatVector w5 = broadcast(weights[v + 5 * unitStep]);
      s5 = x0.fma(w5, s5);
      t5 = x1.fma(w5, t5);
      FloatVector w6 = broadcast(weights[v + 6 * unitStep]);
      s6 = x0.fma(w6, s6);
      t6 = x1.fma(w6, t6);
      FloatVector w7 = broadcast(weights[v + 7 * unitStep]);
      s7 = x0.fma(w7, s7);
      t7 = x1.fma(w7, t7);
    }
    s0.intoArray(y, target);
    s1.intoArray(y, target + L);
    s2.intoArray(y, target + 2 * L);
    s3.intoArray(y, target + 3 * L);
    s4.intoArray(y, target + 4 * L);
    s5.intoArray(y, target + 4 * L + L);
    s6.intoArray(y, target + 4 * L + 2 * L);
    s7.intoArray(y, target + 4 * L + 3 * L);
    t0.intoArray(y, target + yStep);
    t1.intoArray(y, target + yStep + L);
    t2.intoArray(y, target + yStep + 2 * L);
    t3.intoArray(y, target + yStep + 3 * L);
    t4.intoArray(y, target + yStep + 4 * L);
    t5.intoArray(y, target + yStep + 4 * L + L);
    t6.intoArray(y, target + yStep + 4 * L + 2 * L);
    t7.intoArray(y, target + yStep + 4 * L + 3 * L);
  }
}
