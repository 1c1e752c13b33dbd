package cnnlab.data;

/**
 * How purple an image is: one number, the mean over its pixels, larger for more purple. As a
 * classifier of a single feature it tells how much of what a network finds is mere colour. It lives
 * beside the images because it needs nothing but their bytes.
 *
 * <p>There is no one definition, so several are here to be compared.
 */
public enum Purpleness {
  /**
   * The amount of haematoxylin, by {@link Stains}: the stain that makes nuclei purple. Unit:
   * optical density.
   */
  HAEMATOXYLIN {
    @Override
    double of(byte red, byte green, byte blue) {
      return OpticalDensity.of(red) * Stains.amount(0, Stains.HAEMATOXYLIN)
          + OpticalDensity.of(green) * Stains.amount(1, Stains.HAEMATOXYLIN)
          + OpticalDensity.of(blue) * Stains.amount(2, Stains.HAEMATOXYLIN);
    }
  },
  /**
   * (R + B) / 2 − G, in levels: what the eye calls purple, red and blue without green. Pink counts
   * too, and dark purple counts less than bright purple.
   */
  MAGENTA {
    @Override
    double of(byte red, byte green, byte blue) {
      return ((red & 0xFF) + (blue & 0xFF)) / 2.0 - (green & 0xFF);
    }
  },
  /**
   * The optical density in red alone: pink tissue lets red light through, purple does not. Unit:
   * optical density.
   */
  RED_DENSITY {
    @Override
    double of(byte red, byte green, byte blue) {
      return OpticalDensity.of(red);
    }
  },
  /** B − R, in levels: bluish purple against pink, whatever the darkness. */
  BLUENESS {
    @Override
    double of(byte red, byte green, byte blue) {
      return (blue & 0xFF) - (red & 0xFF);
    }
  },
  /** The mean optical density of the three channels: darkness of any colour, to compare with. */
  DARKNESS {
    @Override
    double of(byte red, byte green, byte blue) {
      return (OpticalDensity.of(red) + OpticalDensity.of(green) + OpticalDensity.of(blue)) / 3.0;
    }
  };

  private static final int CHANNELS = 3;

  /** Of a pixel. */
  abstract double of(byte red, byte green, byte blue);

  /**
   * The mean over an image.
   *
   * @param pixels unsigned bytes, [P, 3] from {@code offset} on, RGB
   * @param offset where the image begins
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
          "%s: images of %d channel(s) found, 3 (RGB) expected: grey has no purple"
              .formatted(set.name(), set.channels()));
    }
    double[] means = new double[set.count()];
    for (int n = 0; n < means.length; n++) {
      means[n] = mean(set.pixels(), n * set.imageSize(), set.height() * set.width());
    }
    return means;
  }
}
