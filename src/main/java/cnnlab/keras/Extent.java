package cnnlab.keras;

/** The shape of one image's activations, in Keras' order. */
sealed interface Extent {
  /** The number of values. */
  long size();

  /**
   * Feature maps.
   *
   * @param height H, at least 1
   * @param width W, at least 1
   * @param channels C, at least 1
   * @param bare whether Keras knows it as [H, W], without an axis of channels
   */
  record Image(int height, int width, int channels, boolean bare) implements Extent {
    Image(int height, int width, int channels) {
      this(height, width, channels, false);
    }

    @Override
    public long size() {
      return (long) height * width * channels;
    }

    @Override
    public String toString() {
      return bare
          ? "[%s, %s]".formatted(height, width)
          : "[%s, %s, %s]".formatted(height, width, channels);
    }
  }

  /**
   * A vector.
   *
   * @param size F, at least 1
   */
  record Vector(long size) implements Extent {
    @Override
    public String toString() {
      return "[" + size + "]";
    }
  }
}
