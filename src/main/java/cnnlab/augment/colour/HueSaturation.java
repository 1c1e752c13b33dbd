package cnnlab.augment.colour;

import cnnlab.augment.transform.Chance;
import cnnlab.augment.transform.ImageRandom;

/**
 * Changes hue and saturation at constant brightness: in the YIQ colour space of American
 * television, the brightness Y = 0.299·R + 0.587·G + 0.114·B stays, and the chrominance (I, Q) is
 * rotated by an angle uniform in ±hue degrees and multiplied by a factor uniform in 1 ± saturation.
 * This is a linear map of (R, G, B) that, unlike a shift of H in HSV, leaves greys and whites
 * unchanged.
 */
public final class HueSaturation extends ColourTransform {
  private static final int CHANNELS = 3;

  /** The rows Y, I, Q (FCC 1953, with the usual rounding). */
  private static final double[][] YIQ = {
    {0.299, 0.587, 0.114}, {0.595716, -0.274453, -0.321263}, {0.211456, -0.522591, 0.311135}
  };

  /** The contributions of one unit of I and Q to red, green and blue. */
  private static final double[][] CHROMA = {
    {0.9563, 0.6210}, {-0.2721, -0.6474}, {-1.1070, 1.7046}
  };

  private final double hue;
  private final double saturation;
  private final ColourMap map = new ColourMap();

  public HueSaturation(double hue, double saturation, Chance chance) {
    super("hueSaturation", chance);
    this.hue = hue;
    this.saturation = saturation;
  }

  @Override
  boolean change(byte[] rgb, ImageRandom random) {
    set(map, random.symmetric(hue), 1 + random.symmetric(saturation));
    map.applyToLevels(rgb);
    return true;
  }

  /**
   * Sets {@code map} to the map that rotates the chrominance and multiplies it by a factor.
   *
   * @param degrees the angle
   */
  static void set(ColourMap map, double degrees, double factor) {
    double angle = Math.toRadians(degrees);
    double cos = factor * Math.cos(angle);
    double sin = factor * Math.sin(angle);
    for (int row = 0; row < CHANNELS; row++) {
      for (int column = 0; column < CHANNELS; column++) {
        double i = cos * YIQ[1][column] - sin * YIQ[2][column];
        double q = sin * YIQ[1][column] + cos * YIQ[2][column];
        map.matrix(row, column, YIQ[0][column] + CHROMA[row][0] * i + CHROMA[row][1] * q);
      }
    }
  }
}
