package cnnlab.scratch.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Basics of the vector kernels: the longest float vectors of this machine and small operations on
 * them.
 *
 * <p>Conditions are bit masks in integers: the compiler of JDK 17 handles those better than {@code
 * VectorMask}.
 */
final class VectorMath {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** L, the floats of one vector. */
  static final int L = SPECIES.length();

  private static final int SIGN = Integer.MIN_VALUE;

  /** The number of NaNs of one sign. */
  private static final int NANS = 0x7FFFFF;

  private static final int ALL = Integer.SIZE - 1;

  private VectorMath() {}

  static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(SPECIES, a, at);
  }

  static FloatVector broadcast(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  /**
   * max(v, 0) as by {@link Math#max(float, float)}: 0 for negative values and −0, NaN for NaN. Read
   * as integers, the floats from −0 to −∞ are those that stay negative when the number of NaNs is
   * added; a negative NaN, which processors produce, does not.
   */
  static FloatVector notNegative(FloatVector v) {
    IntVector bits = v.reinterpretAsInts();
    IntVector negative = bits.add(NANS).and(bits).lanewise(VectorOperators.ASHR, ALL);
    return bits.and(negative.not()).reinterpretAsFloats();
  }

  /** v where the other value is not +0 (NaN is not), else 0. */
  static FloatVector whereNotZero(FloatVector v, FloatVector other) {
    IntVector bits = other.reinterpretAsInts();
    IntVector mask = bits.or(bits.neg()).lanewise(VectorOperators.ASHR, ALL);
    return v.reinterpretAsInts().and(mask).reinterpretAsFloats();
  }

  /** A mask: all bits set where the two values differ in any bit, none where they are equal. */
  static IntVector different(FloatVector a, FloatVector b) {
    IntVector d = a.reinterpretAsInts().lanewise(VectorOperators.XOR, b.reinterpretAsInts());
    return d.or(d.neg()).lanewise(VectorOperators.ASHR, ALL);
  }

  /** v where the mask has no bits, else 0. */
  static FloatVector selectWhereClear(FloatVector v, IntVector mask) {
    return v.reinterpretAsInts().and(mask.not()).reinterpretAsFloats();
  }

  /** v where the mask has all bits, else 0. */
  static FloatVector selectWhereSet(FloatVector v, IntVector mask) {
    return v.reinterpretAsInts().and(mask).reinterpretAsFloats();
  }

  /** size · sign(w), 0 where w is 0. */
  static FloatVector signed(FloatVector w, FloatVector size) {
    IntVector bits = w.reinterpretAsInts();
    IntVector magnitude = bits.lanewise(VectorOperators.LSHL, 1);
    IntVector notZero = magnitude.or(magnitude.neg()).lanewise(VectorOperators.ASHR, ALL);
    return bits.and(SIGN).or(size.reinterpretAsInts()).and(notZero).reinterpretAsFloats();
  }

  /** The sum of L floats in a fixed order, which {@code reduceLanes} does not promise. */
  static float sumLanes(float[] a, int at) {
    float even = 0;
    float odd = 0;
    for (int l = 0; l < L; l += 2) {
      even += a[at + l];
      odd += a[at + l + 1];
    }
    return even + odd;
  }

  static float sumLanes(FloatVector v, Scratchpad pad) {
    float[] lanes = pad.floats(3, L);
    v.intoArray(lanes, 0);
    return sumLanes(lanes, 0);
  }

  /** Gathers the values of L images; see {@link Kernels#interleave}. */
  static void interleave(float[] x, int first, int size, float[] out, int begin) {
    int[] images = new int[L];
    for (int l = 0; l < L; l++) {
      images[l] = l * size;
    }
    for (int i = 0; i < size; i++) {
      FloatVector.fromArray(SPECIES, x, first + i, images, 0).intoArray(out, begin + i * L);
    }
  }
}
