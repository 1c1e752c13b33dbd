package cnnlab.augment.colour;

import cnnlab.augment.transform.Chance;
import cnnlab.augment.transform.ImageRandom;
import cnnlab.data.patch.OpticalDensity;
import cnnlab.data.patch.Purpleness;

/**
 * Moves patches towards a common staining: in each channel the {@link OpticalDensity} d is
 * multiplied so that the patch's mean μ moves towards a fixed mean M by the fraction {@code
 * strength} s:
 *
 * <p>d' = d·(1 − s + s·k), k = M / μ, clipped to [1/2, 2].
 *
 * <p>Multiplying densities corresponds to more or less stain and leaves white glass white. The
 * transform is deterministic and applies to training and evaluation images alike. Limitations, on
 * 32x32 pixels:
 *
 * <ul>
 *   <li>The overall darkness of a patch depends on its tissue, not only on the laboratory; at full
 *       strength this information is lost. It has little value: on the development data's
 *       validation patches {@link Purpleness#DARKNESS} alone has an AUC of 0.55, and the AUC of
 *       {@link Purpleness#PINKNESS} is 0.765 before and 0.767 after.
 *   <li>k is bounded, because otherwise a patch with little tissue would get wrong colours.
 *   <li>Macenko et al. 2009, "A method for normalizing histology slides for quantitative analysis"
 *       (ISBI), scale amounts of stain in the same way, but with stain vectors estimated from each
 *       image. That needs both stains in the image, which small patches often lack.
 *   <li>Reinhard et al. 2001, "Color transfer between images" (IEEE Computer Graphics and
 *       Applications 21), shift the mean instead of multiplying, which turns white patches purple.
 * </ul>
 *
 * <p>{@link StainMatch} also matches the hue of the stains and how colours vary.
 */
public final class StainNormalise extends ColourTransform {
  /** The key of {@code preprocessing}. */
  public static final String NAME = "stainNormalise";

  private static final int CHANNELS = 3;
  private static final double MOST = 2;

  /**
   * The mean density of red, green and blue over PatchCamelyon's training patches with a mean
   * density of at least 0.03.
   */
  private static final double[] TARGET = {0.195, 0.376, 0.196};

  private final double strength;
  private final ColourMap map = new ColourMap();

  /**
   * @param strength s in [0, 1]
   */
  public StainNormalise(double strength) {
    super(NAME, new Chance(0, 1));
    this.strength = strength;
  }

  @Override
  boolean change(byte[] rgb, ImageRandom random) {
    for (int c = 0; c < CHANNELS; c++) {
      double mean = OpticalDensity.mean(rgb, c);
      // A channel that is entirely white cannot be scaled.
      double k = mean == 0 ? 1 : Math.max(1 / MOST, Math.min(MOST, TARGET[c] / mean));
      map.matrix(c, c, 1 - strength + strength * k);
    }
    map.applyToDensities(rgb);
    return true;
  }
}
