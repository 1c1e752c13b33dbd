package cnnlab.data.patch;

/**
 * Colour deconvolution: the optical density of a stained pixel is a mixture of those of its stains,
 * density[c] = Σ amount[s]·VECTORS[s][c] for c in red, green, blue, so the inverse matrix gives the
 * amounts (Ruifrok and Johnston 2001). The vectors are the published ones of haematoxylin
 * (blue-purple: nuclei), eosin (pink: cytoplasm and fibres) and DAB (brown). Together they span the
 * HED colour space, which the literature uses for stain augmentation. On tissue stained only with
 * haematoxylin and eosin, the third amount is the residual of the first two and may be negative.
 */
public final class Stains {
  /** The number of stains and of channels. */
  public static final int COUNT = 3;

  /** The index of haematoxylin in arrays of amounts. */
  public static final int HAEMATOXYLIN = 0;

  public static final int EOSIN = 1;
  public static final int RESIDUAL = 2;

  private static final double[][] VECTORS =
      unit(new double[][] {{0.65, 0.70, 0.29}, {0.07, 0.99, 0.11}, {0.27, 0.57, 0.78}});

  private static final double[][] INVERSE = inverse(VECTORS);

  private Stains() {}

  /**
   * The density that one unit of a stain adds to a channel.
   *
   * @param stain 0..2
   * @param channel 0 red, 1 green, 2 blue
   * @return a value in [0, 1]; the squares of the three channels add up to 1
   */
  public static double density(int stain, int channel) {
    return VECTORS[stain][channel];
  }

  /**
   * The amount of a stain that one unit of density in a channel adds: amount[s] = Σ
   * density[c]·amount(c, s).
   *
   * @param channel 0 red, 1 green, 2 blue
   * @param stain 0..2
   */
  public static double amount(int channel, int stain) {
    return INVERSE[channel][stain];
  }

  private static double[][] unit(double[][] vectors) {
    double[][] unit = new double[COUNT][COUNT];
    for (int s = 0; s < COUNT; s++) {
      double[] v = vectors[s];
      double length = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
      for (int c = 0; c < COUNT; c++) {
        unit[s][c] = v[c] / length;
      }
    }
    return unit;
  }

  /** The inverse: cofactors divided by the determinant. */
  private static double[][] inverse(double[][] m) {
    double[][] inverse = new double[COUNT][COUNT];
    double determinant = 0;
    for (int i = 0; i < COUNT; i++) {
      int i1 = (i + 1) % COUNT;
      int i2 = (i + 2) % COUNT;
      for (int j = 0; j < COUNT; j++) {
        int j1 = (j + 1) % COUNT;
        int j2 = (j + 2) % COUNT;
        inverse[j][i] = m[i1][j1] * m[i2][j2] - m[i1][j2] * m[i2][j1];
      }
      determinant = m[i][0] * inverse[0][i] + m[i][1] * inverse[1][i] + m[i][2] * inverse[2][i];
    }
    for (double[] row : inverse) {
      for (int i = 0; i < COUNT; i++) {
        row[i] /= determinant;
      }
    }
    return inverse;
  }
}
