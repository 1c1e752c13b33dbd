package cnnlab.keras.file;

/**
 * How large a file may be, so that a size somebody made up is refused before memory is taken for
 * it. What a model may weigh depends on the memory that Java was given.
 */
public final class Limits {
  /** A configuration of thousands of layers has a few MB. */
  public static final int CONFIGURATION_BYTES = 16 << 20;

  /** Values of one layer's output for one image. */
  public static final long ACTIVATIONS = 1L << 26;

  /** Layers, nested ones included. */
  public static final int LAYERS = 2_000;

  /** Models in models. */
  public static final int NESTING = 16;

  private static final int SHARE_OF_HEAP = 4;

  private Limits() {}

  /** Bytes of weights: a quarter of the heap, as they are held about three times while read. */
  static long weightBytes() {
    return Math.min(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP, Integer.MAX_VALUE - 8L);
  }

  /**
   * @throws KerasFault when there are more bytes than may be
   */
  public static void requireWeights(String what, long bytes) {
    if (bytes < 0 || bytes > weightBytes()) {
      throw new KerasFault(
          "%s: %,d bytes of weights; at most %,d fit the memory Java was given. Give it more with -Xmx"
              .formatted(what, bytes, weightBytes()));
    }
  }
}
