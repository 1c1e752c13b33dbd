package cnnlab.scratch.kernel;

import static cnnlab.scratch.kernel.VectorMath.L;
import static cnnlab.scratch.kernel.VectorMath.broadcast;
import static cnnlab.scratch.kernel.VectorMath.load;

import jdk.incubator.vector.FloatVector;

/** Matrix products over the batch, in blocks of eight units by two groups of images. */
final class VectorDense {
  private VectorDense() {}

  /**
   * A matrix product for groups {@code from} to {@code to}: y[unit] = Σ_k w[k, unit] · x[k].
   *
   * @param n how many inputs k there are
   * @param units how many outputs there are
   * @param w where the weight of the first input and unit stands
   * @param wStep from one input's weight to the next
   * @param unitStep from one unit's weight to the next
   * @param biases holds the biases, at {@code b}
   */
  static void product(
      int n,
      int units,
      float[] x,
      float[] parameters,
      int w,
      int wStep,
      int unitStep,
      float[] biases,
      int b,
      float[] y,
      int from,
      int to) {
    boolean blocks = units >= 8;
    for (int u = 0; u < units; u += blocks ? 8 : 1) {
      // The last block is moved back over the one before it rather than cut short.
      int unit = blocks ? Math.min(u, units - 8) : u;
      int weights = w + unit * unitStep;
      int g = from;
      for (; blocks && g + 2 <= to; g += 2) {
        product8x2(
            n,
            x,
            g * n * L,
            n * L,
            parameters,
            weights,
            wStep,
            unitStep,
            biases,
            b + unit,
            y,
            (g * units + unit) * L,
            units * L);
      }
      for (; g < to; g++) {
        for (int k = 0; k < (blocks ? 8 : 1); k++) {
          product1(
              n,
              x,
              g * n * L,
              parameters,
              weights + k * unitStep,
              wStep,
              biases,
              b + unit + k,
              y,
              (g * units + unit + k) * L);
        }
      }
    }
  }

  /** One unit of one group. */
  private static void product1(
      int n,
      float[] x,
      int at,
      float[] parameters,
      int w,
      int wStep,
      float[] biases,
      int b,
      float[] y,
      int target) {
    FloatVector sum = broadcast(biases[b]);
    for (int k = 0; k < n; k++) {
      sum = load(x, at + k * L).fma(broadcast(parameters[w + k * wStep]), sum);
    }
    sum.intoArray(y, target);
  }

  /**
   * Eight units of two groups, whose inputs are {@code xStep} and whose outputs are {@code yStep}
   * apart.
   */
  private static void product8x2(
      int n,
      float[] x,
      int at,
      int xStep,
      float[] parameters,
      int w,
      int wStep,
      int unitStep,
      float[] biases,
      int b,
      float[] y,
      int target,
      int yStep) {
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
      int v = w + k * wStep;
      FloatVector w0 = broadcast(parameters[v]);
      s0 = x0.fma(w0, s0);
      t0 = x1.fma(w0, t0);
      FloatVector w1 = broadcast(parameters[v + unitStep]);
      s1 = x0.fma(w1, s1);
      t1 = x1.fma(w1, t1);
      FloatVector w2 = broadcast(parameters[v + 2 * unitStep]);
      s2 = x0.fma(w2, s2);
      t2 = x1.fma(w2, t2);
      FloatVector w3 = broadcast(parameters[v + 3 * unitStep]);
      s3 = x0.fma(w3, s3);
      t3 = x1.fma(w3, t3);
      FloatVector w4 = broadcast(parameters[v + 4 * unitStep]);
      s4 = x0.fma(w4, s4);
      t4 = x1.fma(w4, t4);
      FloatVector w5 = broadcast(parameters[v + 5 * unitStep]);
      s5 = x0.fma(w5, s5);
      t5 = x1.fma(w5, t5);
      FloatVector w6 = broadcast(parameters[v + 6 * unitStep]);
      s6 = x0.fma(w6, s6);
      t6 = x1.fma(w6, t6);
      FloatVector w7 = broadcast(parameters[v + 7 * unitStep]);
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
