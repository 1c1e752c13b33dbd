package cnnlab.augment;

import cnnlab.data.OpticalDensity;
import cnnlab.data.Stains;
import java.util.Arrays;

/**
 * Brings every patch to the same staining, after Reinhard et al. 2001, "Color transfer between
 * images" (IEEE Computer Graphics and Applications 21), with the amounts of the three {@link
 * Stains} for the paper's colour space: in each, the patch's mean μ and standard deviation σ are
 * moved the share {@code strength} of the way to fixed ones, M and T:
 *
 * <p>a' = (1 − s)·a + s·(M + k·(a − μ)), k = T / σ, kept in 1/2..2.
 *
 * <p>Nothing random; training and evaluation images get the same. Limits, on 32x32 pixels:
 *
 * <ul>
 *   <li>A patch's mean amount of stain is not only its laboratory's: crowded nuclei are darker. At
 *       full strength this difference between the classes is gone.
 *   <li>k is bounded because a patch of one kind of tissue has hardly any contrast, which would be
 *       stretched to noise; patches that are nearly white stay as they are.
 *   <li>Macenko et al. 2009 estimate each image's own stain vectors instead. That needs both stains
 *       in the image, which so small a patch often has not.
 * </ul>
 */
final class StainNormalise extends ColourTransform {
  /** Mean density below which there is too little tissue to measure. */
  private static final double WHITE = 0.03;

  private static final double MOST = 2;

  /** Means over PatchCamelyon's training patches of each one's mean amount of the stains. */
  private static final double[] TARGET_MEAN = {0.22, 0.14, 0.15};

  /** The same of the standard deviation. */
  private static final double[] TARGET_SD = {0.17, 0.13, 0.11};

  private final double strength;
  private final double[] sums = new double[Stains.COUNT];
  private final double[] squares = new double[Stains.COUNT];
  private final double[] gains = new double[Stains.COUNT];
  private final double[] biases = new double[Stains.COUNT];
  private final ColourMap map = new ColourMap();

  /**
   * @param strength in 0..1
   */
  StainNormalise(double strength) {
    super(Preprocessing.STAIN_NORMALISE, new Chance(0, 1));
    this.strength = strength;
  }

  @Override
  boolean change(byte[] rgb, ImageRandom random) {
    int pixels = rgb.length / Stains.COUNT;
    if (measure(rgb) < WHITE) {
      return false;
    }
    for (int s = 0; s < Stains.COUNT; s++) {
      double mean = sums[s] / pixels;
      double sd = Math.sqrt(Math.max(0, squares[s] / pixels - mean * mean));
      double k = Math.max(1 / MOST, Math.min(MOST, TARGET_SD[s] / sd));
      gains[s] = 1 - strength + strength * k;
      biases[s] = strength * (TARGET_MEAN[s] - k * mean);
    }
    Stain.set(map, gains, biases);
    map.applyToDensities(rgb);
    return true;
  }

  /** Adds up the amounts and their squares; returns the mean density of the three channels. */
  private double measure(byte[] rgb) {
    Arrays.fill(sums, 0);
    Arrays.fill(squares, 0);
    double densities = 0;
    for (int i = 0; i < rgb.length; i += Stains.COUNT) {
      float red = OpticalDensity.of(rgb[i]);
      float green = OpticalDensity.of(rgb[i + 1]);
      float blue = OpticalDensity.of(rgb[i + 2]);
      densities += red + green + blue;
      for (int s = 0; s < Stains.COUNT; s++) {
        double amount =
            red * Stains.amount(0, s) + green * Stains.amount(1, s) + blue * Stains.amount(2, s);
        sums[s] += amount;
        squares[s] += amount * amount;
      }
    }
    return densities / rgb.length;
  }
}
