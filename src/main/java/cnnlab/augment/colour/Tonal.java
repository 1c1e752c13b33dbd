package cnnlab.augment.colour;

import cnnlab.augment.transform.Chance;
import cnnlab.augment.transform.ImageRandom;
import cnnlab.data.patch.OpticalDensity;

/**
 * Contrast between purple and white only. Ordinary contrast stretches red, green and blue
 * separately and so can make pink tissue greenish or bluish, colours that do not occur on slides.
 * Here a pixel only becomes more or less stained, in the patch's own colour.
 *
 * <p>The colour space is {@link OpticalDensity}. There white is the origin, and tissue with more of
 * the same stain lies further out on the same straight line; in levels that line is a curve along
 * which the hue changes. The axis from white to the purple of a patch is therefore the direction u
 * from the origin to its mean density. Each patch has its own direction because purple differs
 * between laboratories; a fixed direction would tint patches of another colour. With t = d·u, the
 * component of a pixel's density d along the axis, and g uniform in ±range:
 *
 * <p>d' = d + g·(t − t₀)·u, which gives t' − t₀ = (1 + g)·(t − t₀) and leaves the components
 * perpendicular to the axis, the balance of pink and blue, unchanged. The fixed point t₀ is the
 * patch's mean ({@code about: mean}, as in contrast: dark becomes darker and light lighter) or
 * white ({@code about: white}: all tissue becomes darker or lighter, as with the thickness of a
 * section).
 *
 * <p>Nearly white patches have no colour and are not changed.
 */
public final class Tonal extends ColourTransform {
  /** The fixed point. */
  public enum Pivot {
    MEAN,
    WHITE
  }

  /** Mean density below which a patch has no distinct colour: about level 250 of 255. */
  private static final double WHITE = 0.01;

  private static final int CHANNELS = 3;

  private final double range;
  private final Pivot pivot;
  private final double[] mean = new double[CHANNELS];
  private final ColourMap map = new ColourMap();

  public Tonal(double range, Pivot pivot, Chance chance) {
    super("tonal", chance);
    this.range = range;
    this.pivot = pivot;
  }

  @Override
  boolean change(byte[] rgb, ImageRandom random) {
    for (int c = 0; c < CHANNELS; c++) {
      mean[c] = OpticalDensity.mean(rgb, c);
    }
    // The mean of d·u is the length of the mean density.
    double length = Math.sqrt(mean[0] * mean[0] + mean[1] * mean[1] + mean[2] * mean[2]);
    if (length < WHITE) {
      return false;
    }
    double g = random.symmetric(range);
    double fixed = pivot == Pivot.MEAN ? length : 0;
    for (int row = 0; row < CHANNELS; row++) {
      double u = mean[row] / length;
      for (int column = 0; column < CHANNELS; column++) {
        map.matrix(row, column, (row == column ? 1 : 0) + g * u * mean[column] / length);
      }
      map.bias(row, -g * fixed * u);
    }
    map.applyToDensities(rgb);
    return true;
  }
}
