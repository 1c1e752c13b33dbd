package cnnlab.scratch.kernel;

import static cnnlab.scratch.kernel.VectorMath.L;
import static cnnlab.scratch.kernel.VectorMath.SPECIES;
import static cnnlab.scratch.kernel.VectorMath.broadcast;
import static cnnlab.scratch.kernel.VectorMath.load;
import static cnnlab.scratch.kernel.VectorMath.notNegative;
import static cnnlab.scratch.kernel.VectorMath.signed;
import static cnnlab.scratch.kernel.VectorMath.sumLanes;
import static cnnlab.scratch.kernel.VectorMath.whereNotZero;

import cnnlab.scratch.kernel.Kernels.Shifted;
import jdk.incubator.vector.FloatVector;

/** Loops over runs of values: sums, shifts, ReLU, penalties. */
final class VectorElements {
  private VectorElements() {}

  /** The sum of {@code a} from {@code begin} to {@code end}, whole vectors. */
  static float sum(float[] a, int begin, int end, Scratchpad pad) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = begin; i < end; i += L) {
      sum = sum.add(load(a, i));
    }
    return sumLanes(sum, pad);
  }

  /**
   * Σ (a − aShift) · (b − bShift) from {@code begin} to {@code end}, whole vectors of one channel.
   */
  static float products(Shifted a, Shifted b, int channel, int begin, int end, Scratchpad pad) {
    float[] u = a.values();
    float[] v = b.values();
    FloatVector sum = FloatVector.zero(SPECIES);
    FloatVector p = broadcast(a.shifts()[channel]);
    FloatVector q = broadcast(b.shifts()[channel]);
    for (int i = begin; i < end; i += L) {
      sum = load(u, i).sub(p).fma(load(v, i).sub(q), sum);
    }
    return sumLanes(sum, pad);
  }

  /** See {@link Kernels#scaleShift}. */
  static void scaleShift(
      float[] x, float scale, float shift, boolean relu, float[] y, int begin, int end) {
    FloatVector a = broadcast(scale);
    FloatVector b = broadcast(shift);
    if (relu) {
      for (int i = begin; i < end; i += L) {
        load(x, i).fma(a, b).max(0f).intoArray(y, i);
      }
    } else {
      for (int i = begin; i < end; i += L) {
        load(x, i).fma(a, b).intoArray(y, i);
      }
    }
  }

  /** max(·, 0) in place: 0 for negative values and −0, NaN for NaN of either sign. */
  static void relu(float[] y, int begin, int end) {
    for (int i = begin; i < end; i += L) {
      notNegative(load(y, i)).intoArray(y, i);
    }
  }

  /** See {@link Kernels#reluGradient}. */
  static void reluGradient(float[] y, float[] dy, int begin, int end) {
    for (int i = begin; i < end; i += L) {
      whereNotZero(load(dy, i), load(y, i)).intoArray(dy, i);
    }
  }

  /** See {@link Kernels#addPenalty}. */
  static double addPenalty(
      float[] parameters, float[] gradients, int begin, int end, float l1, float l2) {
    FloatVector absolute = FloatVector.zero(SPECIES);
    FloatVector squares = FloatVector.zero(SPECIES);
    FloatVector size = broadcast(l1);
    FloatVector factor = broadcast(l2);
    int vectors = (end - begin) / L * L;
    for (int i = begin; i < begin + vectors; i += L) {
      FloatVector w = load(parameters, i);
      absolute = absolute.add(w.abs());
      squares = w.fma(w, squares);
      w.fma(factor, signed(w, size)).add(load(gradients, i)).intoArray(gradients, i);
    }
    float[] lanes = new float[2 * L];
    absolute.intoArray(lanes, 0);
    squares.intoArray(lanes, L);
    double penalty = (double) l1 * sumLanes(lanes, 0) + l2 / 2.0 * sumLanes(lanes, L);
    if (!Double.isFinite(penalty)) {
      // The square of a float may overflow: compute the penalty again in double precision.
      penalty = ReferenceKernels.penalty(parameters, begin, begin + vectors, l1, l2);
    }
    ReferenceKernels reference = new ReferenceKernels();
    return penalty + reference.addPenalty(parameters, gradients, begin + vectors, end, l1, l2);
  }
}
