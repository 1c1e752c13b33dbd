package cnnlab.augment.transform;

import cnnlab.data.patch.OpticalDensity;

/**
 * Contrast between purple and white alone. Ordinary contrast stretches red, green and blue each on
 * its own and so also makes pink tissue greenish or bluish, colours that no slide has. Here a pixel
 * only becomes more or less stained with the patch's own colour.
 *
 * <p>The colour space is {@link OpticalDensity}. There white is the origin, and tissue with more of
 * the same stain lies further out on the same straight line; in levels that line is a curve, and
 * hue would change along it. So the way from white to the purple of a patch is the direction u from
 * the origin to its mean density. The direction is each patch's own because laboratories' purples
 * differ; a fixed one would tint what it is not the colour of. With t = d·u, how far a pixel's
 * density d lies along the way, and g uniform in ±range:
 *
 * <p>d' = d + g·(t − t₀)·u, which makes t' − t₀ = (1 + g)·(t − t₀) and leaves everything across the
 * way, the balance of pink and blue, as it is. t₀ stays where it is: the patch's mean ({@code
 * about: mean}, as in contrast: dark gets darker and light lighter), or white ({@code about:
 * white}: all tissue gets darker or lighter, as a thicker section would be).
 *
 * <p>Patches that are nearly white have no purple and stay as they are.
 */
public final class Tonal extends ColourTransform {
  /** What stays where it is. */
  public enum Pivot {
    MEAN,
    WHITE
  }

  /** Mean density below which a patch has no colour to speak of: about 250 of 255. */
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
