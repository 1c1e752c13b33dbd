package cnnlab.augment.colour;

import cnnlab.augment.transform.Chance;
import cnnlab.augment.transform.ImageRandom;
import cnnlab.data.patch.Stains;

/**
 * A change of colours with given values, for a look at one image; {@link Stain} and {@link
 * HueSaturation} draw them. RGB images only.
 */
public final class ColourChange extends ColourTransform {
  private final Values values;

  /**
   * The values; 1, 1, 0, 1 changes nothing.
   *
   * @param haematoxylin factor of the amount of haematoxylin
   * @param eosin factor of the amount of eosin
   * @param hue rotation of the chrominance, in degrees
   * @param saturation factor of the chrominance
   */
  public record Values(double haematoxylin, double eosin, double hue, double saturation) {
    /**
     * @throws IllegalArgumentException when a value is not finite
     */
    public Values {
      if (!Double.isFinite(haematoxylin + eosin + hue + saturation)) {
        throw new IllegalArgumentException(
            "haematoxylin %s, eosin %s, hue %s, saturation %s: numbers expected"
                .formatted(haematoxylin, eosin, hue, saturation));
      }
    }
  }

  public ColourChange(Values values) {
    super("colour change", Chance.of("colour change", 0, 1));
    this.values = values;
  }

  @Override
  boolean change(byte[] rgb, ImageRandom random) {
    ColourMap map = new ColourMap();
    if (values.haematoxylin != 1 || values.eosin != 1) {
      Stain.set(map, new double[] {values.haematoxylin, values.eosin, 1}, new double[Stains.COUNT]);
      map.applyToDensities(rgb);
    }
    if (values.hue != 0 || values.saturation != 1) {
      ColourMap levels = new ColourMap();
      HueSaturation.set(levels, values.hue, values.saturation);
      levels.applyToLevels(rgb);
    }
    return true;
  }
}
