package cnnlab.onnx.read;

/**
 * Limits on sizes in a file, so that forged sizes are rejected before memory is allocated. The
 * limit on weights depends on Java's memory.
 */
public final class Limits {
  /** Values of the output of one layer for one image. */
  public static final long ACTIVATIONS = 1L << 26;

  /** Number of nodes, and of initialisers. */
  static final int NODES = 20_000;

  /**
   * Number of fields of the file's messages. Each takes up to about a hundred bytes when parsed; a
   * network of a thousand nodes has some ten thousand.
   */
  static final int FIELDS = 1_000_000;

  /** Values of a tensor that is computed from constants while reading. */
  static final long FOLDED = 1L << 24;

  /** Values of all tensors that are computed while reading. */
  static final long FOLDED_TOGETHER = 1L << 26;

  /** Factors of weighted sums along the axes of a value. */
  public static final long SAMPLES = 1L << 20;

  /** Axes of a tensor. */
  static final int RANK = 8;

  private static final int SHARE_OF_HEAP = 4;

  private Limits() {}

  /** Bytes of weights: a quarter of the heap, because reading needs about three copies. */
  static long weightBytes() {
    return Math.min(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP, Integer.MAX_VALUE - 8L);
  }

  /**
   * Requires that what is computed while reading is within the limit.
   *
   * @param values of all constants so far
   * @return the same number
   * @throws OnnxFault when they are too many
   */
  public static long requireFolded(OnnxNode node, long values) {
    if (values > FOLDED_TOGETHER) {
      throw node.fault(
          "it and the nodes before it compute constants of %,d values together; at most %,d"
              .formatted(values, FOLDED_TOGETHER));
    }
    return values;
  }

  /**
   * Requires that weights are within the limit.
   *
   * @throws OnnxFault when there are more bytes than allowed
   */
  public static void requireWeights(String what, long bytes) {
    if (bytes < 0 || bytes > weightBytes()) {
      throw new OnnxFault(
          "%s: %,d bytes of weights; at most %,d fit into Java's memory. Give it more with -Xmx"
              .formatted(what, bytes, weightBytes()));
    }
  }
}
