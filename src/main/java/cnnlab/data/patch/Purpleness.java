package cnnlab.data.patch;

import cnnlab.data.ImageSet;

/**
 * How purple an image is: one number, the mean over its pixels, larger for more purple. As a
 * classifier with a single feature it shows how much of a network's performance colour alone can
 * explain.
 *
 * <p>There is no single definition, so several are compared. They differ: lymph nodes without
 * tumour are full of lymphocytes, whose nuclei are small, dark and rich in haematoxylin. Tumour
 * therefore has less haematoxylin, but is lighter and more vivid in colour.
 */
public enum Purpleness {
  /**
   * The amount of haematoxylin, the stain that makes nuclei purple; see {@link Stains}. Unit:
   * optical density.
   */
  HAEMATOXYLIN {
    @Override
    double of(byte red, byte green, byte blue) {
      return amount(red, green, blue, Stains.HAEMATOXYLIN);
    }
  },
  /** The amount of eosin, the pink stain; see {@link Stains}. Unit: optical density. */
  EOSIN {
    @Override
    double of(byte red, byte green, byte blue) {
      return amount(red, green, blue, Stains.EOSIN);
    }
  },
  /**
   * (R + B) / 2 − G, in levels: purple as perceived, red and blue without green. Bright purple
   * counts more than dark purple, unlike for haematoxylin.
   */
  MAGENTA {
    @Override
    double of(byte red, byte green, byte blue) {
      return ((red & 0xFF) + (blue & 0xFF)) / 2.0 - (green & 0xFF);
    }
  },
  /**
   * R − G, in levels: like magenta but without blue, so that pink counts fully and bluish colours
   * count less. The measure used to judge "tumours look more purple"; see {@link #MEASURE}.
   */
  PINKNESS {
    @Override
    double of(byte red, byte green, byte blue) {
      return (red & 0xFF) - (green & 0xFF);
    }
  },
  /** The mean optical density of the three channels: darkness of any colour, for comparison. */
  DARKNESS {
    @Override
    double of(byte red, byte green, byte blue) {
      return (OpticalDensity.of(red) + OpticalDensity.of(green) + OpticalDensity.of(blue)) / 3.0;
    }
  };

  /**
   * The definition used where only one is needed: in the verdict on the report's claim, in the ROC
   * plots and in the documentation. It is the best single feature on the training patches of
   * PatchCamelyon (area under the curve 0.731; magenta 0.695, eosin 0.607).
   */
  public static final Purpleness MEASURE = PINKNESS;

  private static final int CHANNELS = 3;

  private static double amount(byte red, byte green, byte blue, int stain) {
    return OpticalDensity.of(red) * Stains.amount(0, stain)
        + OpticalDensity.of(green) * Stains.amount(1, stain)
        + OpticalDensity.of(blue) * Stains.amount(2, stain);
  }

  /** The value of a pixel. */
  abstract double of(byte red, byte green, byte blue);

  /**
   * The mean over an image.
   *
   * @param pixels unsigned bytes [P, 3] from {@code offset} on, RGB
   * @param offset the start of the image
   * @param count P, the number of pixels, at least 1
   */
  public double mean(byte[] pixels, int offset, int count) {
    double sum = 0;
    for (int p = 0, i = offset; p < count; p++, i += CHANNELS) {
      sum += of(pixels[i], pixels[i + 1], pixels[i + 2]);
    }
    return sum / count;
  }

  /**
   * The mean over each image of a set.
   *
   * @return [N]
   * @throws IllegalArgumentException when the images do not have three channels
   */
  public double[] means(ImageSet set) {
    if (set.channels() != CHANNELS) {
      throw new IllegalArgumentException(
          "%s: images of %d channel(s) found, 3 (RGB) expected, because grey images have no purple"
              .formatted(set.name(), set.channels()));
    }
    double[] means = new double[set.count()];
    for (int n = 0; n < means.length; n++) {
      means[n] = mean(set.pixels(), n * set.imageSize(), set.height() * set.width());
    }
    return means;
  }
}
