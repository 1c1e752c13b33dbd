package cnnlab.augment.colour;

import cnnlab.augment.transform.Chance;
import cnnlab.augment.transform.ImageRandom;
import cnnlab.data.patch.Stains;

/**
 * Varies the amounts of stain, as they vary between laboratories: the amount a of each of the three
 * {@link Stains} becomes a·(1 + α) + β, α uniform in ±sigma and β in ±bias, drawn for each stain
 * and image (Tellez et al. 2018, "Whole-slide mitosis detection in H&amp;E breast histology using
 * PHH3 as a reference to train distilled stain-invariant convolutional networks", IEEE Transactions
 * on Medical Imaging 37; Tellez et al. 2019, "Quantifying the effects of data augmentation and
 * stain color normalization in convolutional neural networks for computational pathology", Medical
 * Image Analysis 58, with 0.05 for a light and 0.2 for a strong augmentation).
 *
 * <p>Amounts are optical densities to base 10, so β = 0.05 makes white a tenth darker. Toolkits
 * scale densities differently, so the same numbers have different effects:
 *
 * <ul>
 *   <li>The augmentation code that the paper's group published (and scikit-image before 0.18) uses
 *       −ln(v + 2) for levels v in 0..1. For white this is −1.10 instead of 0, and the stain
 *       amounts of white are −1.3, 0.4 and −1.0. With that code, sigma therefore colours glass too,
 *       as a bias would. The same bias has 1.3 times (on white) to 2.2 times (at half of the
 *       levels) the effect that it has here. The comparable settings, by the root-mean-square
 *       change of levels on random mixtures of haematoxylin and eosin: their 0.05 (24 levels) is
 *       sigma 0.05 with bias 0.15 here, and their 0.2 (77 levels) is sigma 0.2 with bias 0.65 here.
 *       If sigma and bias are both 0.05 here, the change is 9 levels; if both are 0.2, it is 33.
 *       Their code does not change patches whose mean level is outside 15 to 85 %.
 *   <li>scikit-image since 0.18 uses ln(v) / ln(10⁻⁶), a sixth of the density here. Sigma has the
 *       same effect; a bias must be six times as large here.
 * </ul>
 *
 * <p>For densities d = (red, green, blue) as a row this is one affine map, d' = d·S⁻¹·diag(1 + α)·S
 * + β·S, where the rows of S are the stains.
 */
public final class Stain extends ColourTransform {
  private final double sigma;
  private final double bias;
  private final double[] gains = new double[Stains.COUNT];
  private final double[] biases = new double[Stains.COUNT];
  private final ColourMap map = new ColourMap();

  public Stain(double sigma, double bias, Chance chance) {
    super("stain", chance);
    this.sigma = sigma;
    this.bias = bias;
  }

  @Override
  boolean change(byte[] rgb, ImageRandom random) {
    for (int s = 0; s < Stains.COUNT; s++) {
      gains[s] = 1 + random.symmetric(sigma);
      biases[s] = random.symmetric(bias);
    }
    set(map, gains, biases);
    map.applyToDensities(rgb);
    return true;
  }

  /**
   * Sets {@code map} to the map that changes each stain's amount a to gain·a + bias.
   *
   * @param gains of each stain [3]
   * @param biases of each stain [3], in optical density
   */
  static void set(ColourMap map, double[] gains, double[] biases) {
    for (int to = 0; to < Stains.COUNT; to++) {
      double shift = 0;
      for (int s = 0; s < Stains.COUNT; s++) {
        shift += biases[s] * Stains.density(s, to);
      }
      map.bias(to, shift);
      for (int from = 0; from < Stains.COUNT; from++) {
        double sum = 0;
        for (int s = 0; s < Stains.COUNT; s++) {
          sum += Stains.amount(from, s) * gains[s] * Stains.density(s, to);
        }
        map.matrix(to, from, sum);
      }
    }
  }
}
