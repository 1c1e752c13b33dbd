package cnnlab.keras.file;

import java.util.List;

/** The shape of the activations of one image, in Keras' order. */
public sealed interface TensorShape {
  /** The number of values. */
  long size();

  /** The sizes of the axes, in Keras' order. */
  List<Integer> sizes();

  /** The axis of the channels or features in Keras, where 0 is that of the batch. */
  default int channelAxis() {
    return sizes().size();
  }

  /** Which axes feature maps have in Keras. */
  enum Axes {
    /** [H, W, C]. */
    IMAGE,
    /** [C, H, W], Keras' {@code channels_first}. */
    CHANNELS_FIRST,
    /** [H, W]: an image without a channel axis, or a sequence not yet used as one. */
    BARE,
    /** [T, C]: T steps of C channels, here an image of one row, [1, T, C]. */
    SEQUENCE
  }

  /**
   * Feature maps.
   *
   * @param height H, at least 1; 1 for a sequence
   * @param width W, at least 1; the number of steps of a sequence
   * @param channels C, at least 1; 1 if they are bare
   * @param axes the axes in Keras
   */
  public record Image(int height, int width, int channels, Axes axes) implements TensorShape {
    public Image(int height, int width, int channels) {
      this(height, width, channels, Axes.IMAGE);
    }

    /** Whether it is [H, W] in Keras, without a channel axis. */
    public boolean bare() {
      return axes == Axes.BARE;
    }

    /** Whether it is [T, C] in Keras. */
    public boolean sequence() {
      return axes == Axes.SEQUENCE;
    }

    /** Whether it is [C, H, W] in Keras. */
    public boolean channelsFirst() {
      return axes == Axes.CHANNELS_FIRST;
    }

    @Override
    public int channelAxis() {
      return channelsFirst() ? 1 : sizes().size();
    }

    /** The same places with other channels. */
    public Image withChannels(int other) {
      return new Image(height, width, other, axes);
    }

    /** The same channels at other places. */
    public Image withSides(int rows, int columns) {
      return new Image(rows, columns, channels, axes);
    }

    @Override
    public long size() {
      return (long) height * width * channels;
    }

    @Override
    public List<Integer> sizes() {
      return switch (axes) {
        case IMAGE -> List.of(height, width, channels);
        case CHANNELS_FIRST -> List.of(channels, height, width);
        case BARE -> List.of(height, width);
        case SEQUENCE -> List.of(width, channels);
      };
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
