package cnnlab.augment.transform;

/**
 * A random geometric transform given by a matrix. Adjacent steps are multiplied into one matrix, so
 * that the image is interpolated once.
 *
 * <p>Keras' layers (keras.io/api/layers/preprocessing_layers/image_augmentation) specify the same
 * ranges differently; each step gives the equivalent.
 */
public interface AffineStep {
  /**
   * Draws the transform for an image and appends it.
   *
   * @param matrix the map of the steps so far
   * @param draws the random numbers of the step
   * @param height H in pixels
   * @param width W in pixels
   */
  void append(Affine matrix, ImageRandom draws, int height, int width);

  /**
   * Rotation about the centre by an angle uniform in ±degrees; positive angles are
   * counter-clockwise. Keras' {@code RandomRotation(f)} is ±f·360°: 0.05 is {@code degrees: 18}.
   */
  record Rotate(double degrees) implements AffineStep {
    @Override
    public void append(Affine matrix, ImageRandom draws, int height, int width) {
      matrix.thenRotate(draws.symmetric(degrees));
    }
  }

  /**
   * A shift of each axis, uniform in ±range and not rounded to whole pixels. Keras' {@code
   * RandomTranslation(f, f)} is ±f of the height and of the width: {@code fraction: f}.
   *
   * @param range in pixels, or as a fraction of the image's side
   * @param isFraction whether the range is a fraction
   */
  record Translate(double range, boolean isFraction) implements AffineStep {
    @Override
    public void append(Affine matrix, ImageRandom draws, int height, int width) {
      double dx = draws.symmetric(isFraction ? range * width : range);
      double dy = draws.symmetric(isFraction ? range * height : range);
      matrix.thenShift(dx, dy);
    }
  }

  /**
   * Zoom about the centre: an output pixel at distance d from the centre shows the input at z·d, z
   * uniform in 1 ± factor, so that z &gt; 1 makes objects smaller. This is Keras' {@code
   * RandomZoom(f)}, which keeps the aspect ratio: {@code factor: f}. With {@code perAxis} each axis
   * is also zoomed by its own factor, uniform in 1 ± perAxis.
   */
  record Zoom(double factor, double perAxis) implements AffineStep {
    @Override
    public void append(Affine matrix, ImageRandom draws, int height, int width) {
      double both = 1 + draws.symmetric(factor);
      double x = both * (1 + draws.symmetric(perAxis));
      double y = both * (1 + draws.symmetric(perAxis));
      matrix.thenLinear(1 / x, 0, 0, 1 / y);
    }
  }

  /**
   * Shear about the centre: horizontally, a row at distance y above or below it is shifted by s·y,
   * s uniform in ±factor (0.3 is a slant of up to 17°); vertically likewise. Keras' {@code
   * RandomShear(f)} draws from 0 to f, not from -f.
   */
  record Shear(double factor, Axes axes) implements AffineStep {
    @Override
    public void append(Affine matrix, ImageRandom draws, int height, int width) {
      if (axes.horizontal()) {
        matrix.thenLinear(1, draws.symmetric(factor), 0, 1);
      }
      if (axes.vertical()) {
        matrix.thenLinear(1, 0, draws.symmetric(factor), 1);
      }
    }
  }
}
