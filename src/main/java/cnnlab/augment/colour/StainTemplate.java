package cnnlab.augment.colour;

import cnnlab.data.patch.OpticalDensity;
import java.util.List;

/**
 * A staining: the root R^½ of the second moments R = E[d·dᵀ] of tissue's {@link OpticalDensity}
 * densities d = (red, green, blue), as {@link StainMatcher} measures them. The root is in optical
 * density, so that roots can be averaged and compared.
 *
 * <p>The constants are from the course's PatchCamelyon training patches of 32x32 pixels: the 14,667
 * of 19,171 whose mean weight is at least 0.5, which means that they show mostly tissue. The files
 * do not say which patches share a slide, so clusters differ in tissue as well as in stain.
 *
 * @param rr red and red, an element of R^½
 * @param gg green and green
 * @param bb blue and blue
 * @param rg red and green
 * @param rb red and blue
 * @param gb green and blue
 */
record StainTemplate(double rr, double gg, double bb, double rg, double rb, double gb) {
  /** The mean over the patches. */
  static final StainTemplate CENTRAL = new StainTemplate(0.166, 0.508, 0.161, 0.225, 0.133, 0.221);

  /**
   * The centres of eight clusters of the patches by k-means on the six numbers (the best of ten
   * starts by k-means++), the largest first, with 2,710 to 675 patches. 13 % of the variance
   * remains within clusters. There are two kinds of stain: bluish ones with gb near half of gg, and
   * pinker ones with a third or less.
   */
  static final List<StainTemplate> CLUSTERS =
      List.of(
          new StainTemplate(0.099, 0.295, 0.122, 0.130, 0.088, 0.160),
          new StainTemplate(0.135, 0.396, 0.182, 0.182, 0.132, 0.225),
          new StainTemplate(0.140, 0.455, 0.089, 0.197, 0.083, 0.152),
          new StainTemplate(0.177, 0.524, 0.217, 0.238, 0.168, 0.270),
          new StainTemplate(0.217, 0.666, 0.245, 0.294, 0.201, 0.316),
          new StainTemplate(0.194, 0.608, 0.102, 0.269, 0.108, 0.181),
          new StainTemplate(0.257, 0.816, 0.113, 0.350, 0.135, 0.212),
          new StainTemplate(0.272, 0.835, 0.278, 0.368, 0.242, 0.375));

  /** R [3][3]. */
  double[][] moments() {
    double[][] root = {{rr, rg, rb}, {rg, gg, gb}, {rb, gb, bb}};
    return SymmetricMatrix.product(root, root);
  }
}
