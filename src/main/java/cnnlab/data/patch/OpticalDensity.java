package cnnlab.data.patch;

/**
 * The optical density of a pixel: how much light it absorbs. A level v in 0..255 has the optical
 * density −log10((v + 1) / 256): 0 for white, 2.41 for black. By the Beer-Lambert law it is
 * proportional to the amount of stain, and the densities of several stains add up, unlike levels
 * (Ruifrok and Johnston 2001, "Quantification of histochemical staining by color deconvolution",
 * Analytical and Quantitative Cytology and Histology 23). Adding 1 keeps the density of black
 * finite.
 */
public final class OpticalDensity {
  private static final int LEVELS = 256;
  private static final int CHANNELS = 3;

  /**
   * Table entries per unit of density, for the conversion back to levels. Near white a level is
   * 0.0017 wide, which is 14 entries, so every level is recovered exactly.
   */
  private static final int STEPS = 8192;

  private static final float[] DENSITIES = new float[LEVELS];
  private static final byte[] LEVEL_TABLE;

  static {
    for (int v = 0; v < LEVELS; v++) {
      DENSITIES[v] = (float) -Math.log10((v + 1.0) / LEVELS);
    }
    LEVEL_TABLE = new byte[Math.round(DENSITIES[0] * STEPS) + 1];
    for (int i = 0; i < LEVEL_TABLE.length; i++) {
      double level = LEVELS * Math.pow(10, -(double) i / STEPS) - 1;
      LEVEL_TABLE[i] = (byte) Math.max(0, Math.round(level));
    }
  }

  private OpticalDensity() {}

  /**
   * The density of a level.
   *
   * @param level an unsigned byte
   * @return in 0..2.41
   */
  public static float of(byte level) {
    return DENSITIES[level & 0xFF];
  }

  /**
   * The mean density of a channel.
   *
   * @param rgb unsigned bytes [P, 3], P at least 1
   * @param channel 0 red, 1 green, 2 blue
   * @return in 0..2.41
   */
  public static double mean(byte[] rgb, int channel) {
    double sum = 0;
    for (int i = channel; i < rgb.length; i += CHANNELS) {
      sum += of(rgb[i]);
    }
    return sum * CHANNELS / rgb.length;
  }

  /**
   * The level nearest to 256·10^−density − 1, from a table: within 0.04 of the exact value before
   * it is rounded.
   *
   * @param density any density; below 0 the result is white, above 2.41 black
   * @return an unsigned byte
   */
  public static byte level(float density) {
    int entry = (int) (density * STEPS + 0.5f);
    return LEVEL_TABLE[Math.max(0, Math.min(LEVEL_TABLE.length - 1, entry))];
  }
}
