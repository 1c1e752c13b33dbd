package cnnlab.scratch.kernel;

/** Memory of one thread that kernels use in between; it grows once and is kept. */
public final class Scratchpad {
  private final float[][] slots = new float[4][0];
  private float[] zeros = {};

  /** At least {@code size} floats with undefined content; each slot is an array of its own. */
  float[] floats(int slot, int size) {
    if (slots[slot].length < size) {
      slots[slot] = new float[size];
    }
    return slots[slot];
  }

  /** At least {@code size} zeros; not to be written to. */
  float[] zeros(int size) {
    if (zeros.length < size) {
      zeros = new float[size];
    }
    return zeros;
  }
}
