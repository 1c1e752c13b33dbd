package cnnlab.augment.colour;

import cnnlab.data.patch.OpticalDensity;

/**
 * Gives a patch the colours of a {@link StainTemplate}. Colour statistics are transferred as in
 * Reinhard, Ashikhmin, Gooch and Shirley 2001, "Color transfer between images" (IEEE Computer
 * Graphics and Applications 21), with two changes for tissue:
 *
 * <ul>
 *   <li>The colours are {@link OpticalDensity densities} d = (red, green, blue), in which a change
 *       of the stains or of their amounts is a linear map.
 *   <li>The statistics are the second moments about white, R = E[d·dᵀ], not means and deviations,
 *       because those need a shift, which turns white glass purple. R holds the amount of stain,
 *       its colour and how colours vary.
 * </ul>
 *
 * <p>Of all linear maps that turn R into the template's R*, the one used, d' = T·d, changes colours
 * least: T = R^(−½)·(R^½·R*·R^½)^½·R^(−½) (Pitié and Kokaram 2007, "The linear Monge-Kantorovitch
 * linear colour mapping for example-based colour transfer", CVMP, about white instead of the mean).
 * T is symmetric. Because 32x32 pixels may show glass or only one stain, there are safeguards:
 *
 * <ul>
 *   <li>The expectation is over tissue: R = Σ d·dᵀ / Σ w. A pixel's weight w rises from 0 at a mean
 *       density of 0.05 (level 227) to 1 at 0.15 (level 180), the density below which Macenko et
 *       al. 2009 ignore pixels.
 *   <li>10⁻⁴, the square of a density that JPEG's noise reaches, is added to the diagonals of R and
 *       R*, so that a patch of one colour has an inverse.
 *   <li>The eigenvalues of T, the factors by which colours are stretched, are clipped to [1/2, 2].
 *   <li>A patch with a mean weight v below 0.1 has too little tissue to measure, and is moved only
 *       the share 10·v of the way.
 * </ul>
 *
 * <p>Together: d' = d + strength·min(1, 10·v)·(T·d − d). Matching also removes the information that
 * R holds about the tissue: a patch full of nuclei becomes paler, and one of fibres darker and more
 * purple. Mutable; one object for each thread.
 */
final class StainMatcher {
  /** Mean density of red, green and blue at which a pixel begins to count as tissue. */
  static final double GLASS = 0.05;

  /** Mean density of red, green and blue above which a pixel counts fully as tissue. */
  static final double TISSUE = 0.15;

  /** Mean weight above which a patch is measured reliably. */
  static final double ENOUGH = 0.1;

  private static final int CHANNELS = 3;
  private static final double MOST = 2;
  private static final double NOISE = 1e-4;

  private final double[][] moments = new double[CHANNELS][CHANNELS];
  private final ColourMap map = new ColourMap();

  /**
   * Measures R of a patch; the result is in {@link #moments}.
   *
   * @param rgb unsigned bytes [P, 3], P at least 1
   * @return v, the mean weight, in 0..1; if 0, nothing was measured
   */
  double measure(byte[] rgb) {
    double weights = 0;
    double rr = 0;
    double gg = 0;
    double bb = 0;
    double rg = 0;
    double rb = 0;
    double gb = 0;
    for (int i = 0; i < rgb.length; i += CHANNELS) {
      double red = OpticalDensity.of(rgb[i]);
      double green = OpticalDensity.of(rgb[i + 1]);
      double blue = OpticalDensity.of(rgb[i + 2]);
      double mean = (red + green + blue) / CHANNELS;
      weights += Math.max(0, Math.min(1, (mean - GLASS) / (TISSUE - GLASS)));
      rr += red * red;
      gg += green * green;
      bb += blue * blue;
      rg += red * green;
      rb += red * blue;
      gb += green * blue;
    }
    if (weights == 0) {
      return 0;
    }
    double[][] sums = {{rr, rg, rb}, {rg, gg, gb}, {rb, gb, bb}};
    for (int row = 0; row < CHANNELS; row++) {
      for (int column = 0; column < CHANNELS; column++) {
        moments[row][column] = sums[row][column] / weights;
      }
    }
    return weights * CHANNELS / rgb.length;
  }

  /** R [3][3] of the last patch, which the next call overwrites. */
  double[][] moments() {
    return moments;
  }

  /**
   * Moves a patch to a template.
   *
   * @param rgb unsigned bytes [P, 3], P at least 1, changed in place
   * @param strength the share of the way, 0..1
   * @return false if there is no tissue, and nothing was changed
   */
  boolean move(byte[] rgb, StainTemplate template, double strength) {
    double tissue = measure(rgb);
    if (tissue == 0) {
      return false;
    }
    double share = strength * Math.min(1, tissue / ENOUGH);
    double[][] full = transfer(moments, template.moments());
    for (int row = 0; row < CHANNELS; row++) {
      for (int column = 0; column < CHANNELS; column++) {
        double unit = row == column ? 1 : 0;
        map.matrix(row, column, unit + share * (full[row][column] - unit));
      }
    }
    map.applyToDensities(rgb);
    return true;
  }

  /**
   * T, with the noise added and the eigenvalues clipped.
   *
   * @param from R [3][3], symmetric
   * @param to R* [3][3], symmetric
   */
  static double[][] transfer(double[][] from, double[][] to) {
    double[][] root = SymmetricMatrix.map(from, v -> Math.sqrt(Math.max(0, v) + NOISE));
    double[][] inverse = SymmetricMatrix.map(root, v -> 1 / v);
    double[][] target = SymmetricMatrix.map(to, v -> Math.max(0, v) + NOISE);
    double[][] between = SymmetricMatrix.map(around(root, target), v -> Math.sqrt(Math.max(0, v)));
    return SymmetricMatrix.map(
        around(inverse, between), v -> Math.max(1 / MOST, Math.min(MOST, v)));
  }

  /** a·b·a. */
  private static double[][] around(double[][] a, double[][] b) {
    return SymmetricMatrix.product(SymmetricMatrix.product(a, b), a);
  }
}
