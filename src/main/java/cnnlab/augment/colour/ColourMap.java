package cnnlab.augment.colour;

import cnnlab.data.patch.OpticalDensity;

/**
 * An affine map of colours, x' = M·x + b for x = (red, green, blue), in levels or optical
 * densities. Mutable, so that a pipeline creates no garbage.
 */
final class ColourMap {
  private static final int CHANNELS = 3;

  private final float[] matrix = new float[CHANNELS * CHANNELS];
  private final float[] bias = new float[CHANNELS];

  /** Sets M[row][column]. */
  void matrix(int row, int column, double value) {
    matrix[row * CHANNELS + column] = (float) value;
  }

  /** Sets b[row]. */
  void bias(int row, double value) {
    bias[row] = (float) value;
  }

  /**
   * Maps levels 0..255; results are rounded and clipped to that range.
   *
   * @param rgb unsigned bytes [P, 3], changed in place
   */
  void applyToLevels(byte[] rgb) {
    float[] m = matrix;
    for (int i = 0; i < rgb.length; i += CHANNELS) {
      float red = rgb[i] & 0xFF;
      float green = rgb[i + 1] & 0xFF;
      float blue = rgb[i + 2] & 0xFF;
      rgb[i] = level(m[0] * red + m[1] * green + m[2] * blue + bias[0]);
      rgb[i + 1] = level(m[3] * red + m[4] * green + m[5] * blue + bias[1]);
      rgb[i + 2] = level(m[6] * red + m[7] * green + m[8] * blue + bias[2]);
    }
  }

  /**
   * Maps {@link OpticalDensity densities}; results are clipped to white and black.
   *
   * @param rgb unsigned bytes [P, 3], changed in place
   */
  void applyToDensities(byte[] rgb) {
    float[] m = matrix;
    for (int i = 0; i < rgb.length; i += CHANNELS) {
      float red = OpticalDensity.of(rgb[i]);
      float green = OpticalDensity.of(rgb[i + 1]);
      float blue = OpticalDensity.of(rgb[i + 2]);
      rgb[i] = OpticalDensity.level(m[0] * red + m[1] * green + m[2] * blue + bias[0]);
      rgb[i + 1] = OpticalDensity.level(m[3] * red + m[4] * green + m[5] * blue + bias[1]);
      rgb[i + 2] = OpticalDensity.level(m[6] * red + m[7] * green + m[8] * blue + bias[2]);
    }
  }

  private static byte level(float value) {
    return (byte) Math.max(0, Math.min(255, Math.round(value)));
  }
}
