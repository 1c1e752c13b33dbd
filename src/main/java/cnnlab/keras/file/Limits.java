package cnnlab.keras.file;

/**
 * Limits on sizes in a file, so that forged sizes are rejected before memory is allocated. The
 * limit on weights depends on Java's memory.
 */
public final class Limits {
  /** Bytes of a configuration; one with thousands of layers has a few MB. */
  public static final int CONFIGURATION_BYTES = 16 << 20;

  /** Values of the output of one layer for one image. */
  public static final long ACTIVATIONS = 1L << 26;

  /** Number of layers, including nested ones. */
  public static final int LAYERS = 2_000;

  /** Depth of nested models. */
  public static final int NESTING = 16;

  private static final int SHARE_OF_HEAP = 4;

  private Limits() {}

  /** Bytes of weights: a quarter of the heap, because reading needs about three copies. */
  static long weightBytes() {
    return Math.min(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP, Integer.MAX_VALUE - 8L);
  }

  /**
   * Requires that weights are within the limit.
   *
   * @throws KerasFault when there are more bytes than allowed
   */
  public static void requireWeights(String what, long bytes) {
    if (bytes < 0 || bytes > weightBytes()) {
      throw new KerasFault(
          "%s: %,d bytes of weights; at most %,d fit into Java's memory. Give it more with -Xmx"
              .formatted(what, bytes, weightBytes()));
    }
  }
}
