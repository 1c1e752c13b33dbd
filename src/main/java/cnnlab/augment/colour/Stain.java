package cnnlab.augment.colour;

import cnnlab.augment.transform.Chance;
import cnnlab.augment.transform.ImageRandom;
import cnnlab.data.patch.Stains;

/**
 * Varies the amounts of stain, as laboratories do: the amount a of each of the three {@link Stains}
 * becomes a·(1 + α) + β, α uniform in ±sigma and β in ±bias, drawn for each stain and image (Tellez
 * et al. 2018, "Whole-slide mitosis detection in H&amp;E breast histology using PHH3 as a reference
 * to train distilled stain-invariant convolutional networks", IEEE Transactions on Medical Imaging
 * 37; Tellez et al. 2019, "Quantifying the effects of data augmentation and stain color
 * normalization in convolutional neural networks for computational pathology", Medical Image
 * Analysis 58, with 0.05 for a light and 0.2 for a strong augmentation).
 *
 * <p>Amounts are optical densities to base 10, so β = 0.05 darkens what was white by a tenth.
 * Toolkits scale densities differently, so the same numbers do not mean the same:
 *
 * <ul>
 *   <li>The augmentation code that the paper's group published (and scikit-image before 0.18) takes
 *       −ln(v + 2) of levels v in 0..1. For white that is −1.10, not 0: its amounts are not 0 there
 *       (−1.3, 0.4 and −1.0), so that sigma colours glass too, as a bias would. A bias has 1.3 (on
 *       white) to 2.2 times (at half of the levels) the effect of the same one here. Of the same
 *       root-mean-square change of levels, on random mixtures of haematoxylin and eosin: their 0.05
 *       (24 levels) is sigma 0.05 with bias 0.15 here, and their 0.2 (77 levels) sigma 0.2 with
 *       bias 0.65. Here 0.05 of both changes 9 levels, and 0.2 of both 33. Their code leaves
 *       patches alone whose mean level is outside 15 to 85 %.
 *   <li>scikit-image since 0.18 takes ln(v) / ln(10⁻⁶), a sixth of the density here: sigma is the
 *       same, and a bias there is six times as large here.
 * </ul>
 *
 * <p>One affine map of the densities d = (red, green, blue) as a row: d' = d·S⁻¹·diag(1 + α)·S +
 * β·S, the rows of S being the stains.
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
