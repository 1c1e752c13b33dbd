package cnnlab.augment.colour;

import cnnlab.augment.transform.Chance;
import cnnlab.augment.transform.ImageRandom;

/**
 * Stain normalisation as augmentation: moves each patch to a staining drawn uniformly from several
 * templates, as if another laboratory had made the slide. The templates are clusters of
 * PatchCamelyon's training patches, the largest first. (Shen et al. 2022, "RandStainNA: Learning
 * stain-agnostic features from histology slides by bridging stain augmentation and normalization",
 * MICCAI, draw statistics from distributions fitted to the training images in the same way.) {@link
 * StainMatcher} has the formula and its safeguards.
 *
 * <p>Evaluation patches are not changed, unless {@code preprocessing: [stainMatch]} moves them to
 * the mean of the training patches. It then also moves the training patches there, before the
 * template is drawn.
 */
public final class StainTemplates extends ColourTransform {
  /** The key of {@code augmentation}. */
  public static final String NAME = "stainTemplates";

  /** The number of available templates. */
  public static final int MOST = StainTemplate.CLUSTERS.size();

  private final int count;
  private final double strength;
  private final StainMatcher matcher = new StainMatcher();

  /**
   * @param count how many templates are drawn from, 1 to {@link #MOST}
   * @param strength the share of the way to the template, 0..1
   */
  public StainTemplates(int count, double strength, Chance chance) {
    super(NAME, chance);
    this.count = count;
    this.strength = strength;
  }

  @Override
  boolean change(byte[] rgb, ImageRandom random) {
    return matcher.move(rgb, StainTemplate.CLUSTERS.get(random.nextInt(count)), strength);
  }
}
