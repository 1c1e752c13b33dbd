package cnnlab.keras.file;

import java.util.List;

/** The shape of the activations of one image, in Keras' order. */
public sealed interface TensorShape {
  /** The number of values. */
  long size();

  /** The sizes of the axes, in Keras' order. */
  List<Integer> sizes();

  /**
   * Feature maps.
   *
   * @param height H, at least 1
   * @param width W, at least 1
   * @param channels C, at least 1
   * @param bare whether it is [H, W] in Keras, without a channel axis
   */
  public record Image(int height, int width, int channels, boolean bare) implements TensorShape {
    public Image(int height, int width, int channels) {
      this(height, width, channels, false);
    }

    @Override
    public long size() {
      return (long) height * width * channels;
    }

    @Override
    public List<Integer> sizes() {
      return bare ? List.of(height, width) : List.of(height, width, channels);
    }

    @Override
    public String toString() {
      return sizes().toString();
    }
  }

  /**
   * A vector.
   *
   * @param size F, at least 1
   */
  record Vector(long size) implements TensorShape {
    @Override
    public List<Integer> sizes() {
      return List.of(Math.toIntExact(size));
    }

    @Override
    public String toString() {
      return "[" + size + "]";
    }
  }
}
