package cnnlab.scratch.kernel;

/** Working memory of one thread for kernels; it grows when needed and is kept. Not thread-safe. */
public final class Scratchpad {
  private final float[][] slots = new float[4][0];
  private float[] zeros = {};
  private float[] ofLayer = {};

  /**
   * An array of at least {@code size} floats with undefined content; each slot 0 to 3 has its own
   * array.
   */
  float[] floats(int slot, int size) {
    if (slots[slot].length < size) {
      slots[slot] = new float[size];
    }
    return slots[slot];
  }

  /**
   * An array of at least {@code size} floats with undefined content, which no kernel uses: a layer
   * may pass it to one.
   */
  public float[] ofLayer(int size) {
    if (ofLayer.length < size) {
      ofLayer = new float[size];
    }
    return ofLayer;
  }

  /** An array of at least {@code size} zeros; must not be written to. */
  float[] zeros(int size) {
    if (zeros.length < size) {
      zeros = new float[size];
    }
    return zeros;
  }
}
