package cnnlab.scratch.layer;

/**
 * The shape of one image or feature vector between two layers, without the batch.
 *
 * @param channels C, at least 1; the number of features for a flat vector
 * @param height H, at least 1; 1 for a flat vector
 * @param width W, at least 1; 1 for a flat vector
 */
public record Shape(int channels, int height, int width) {

  /**
   * @throws IllegalArgumentException when a dimension is not positive
   */
  public Shape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "shape [%d, %d, %d]: every dimension must be at least 1"
              .formatted(channels, height, width));
    }
  }

  /** A flat vector of n features. */
  public static Shape vector(int n) {
    return new Shape(n, 1, 1);
  }

  /** C·H·W. */
  public int size() {
    return Math.multiplyExact(Math.multiplyExact(channels, height), width);
  }

  /** H·W. */
  public int plane() {
    return height * width;
  }

  /** Whether this is a flat vector. */
  public boolean isVector() {
    return height == 1 && width == 1;
  }

  /** {@code [C, H, W]}, or {@code [F]} for a flat vector. */
  @Override
  public String toString() {
    return isVector() ? "[" + channels + "]" : "[" + channels + ", " + height + ", " + width + "]";
  }
}
