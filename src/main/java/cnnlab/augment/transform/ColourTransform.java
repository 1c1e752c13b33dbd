package cnnlab.augment.transform;

import org.bytedeco.opencv.opencv_core.Mat;

/** A transform of colours, one pixel as the other; RGB images only. */
abstract class ColourTransform extends MatTransform {
  private static final int RGB = 3;

  private final String name;
  private final Chance chance;
  private final ImageRandom draws = new ImageRandom(0);

  /**
   * @param name what messages call it
   */
  ColourTransform(String name, Chance chance) {
    this.name = name;
    this.chance = chance;
  }

  /**
   * @throws IllegalArgumentException when the image has another number of channels than three
   */
  @Override
  public final boolean apply(Mat in, Mat out, long imageSeed) {
    if (in.channels() != RGB) {
      throw new IllegalArgumentException(
          "%s: an image of %d channel(s) found, 3 (RGB) expected; leave %s out for grey images"
              .formatted(name, in.channels(), name));
    }
    if (!chance.begin(draws, imageSeed)) {
      return false;
    }
    byte[] pixels = pixels(in);
    if (!change(pixels, draws)) {
      return false;
    }
    out.data().put(pixels);
    return true;
  }

  /**
   * Changes the colours in place.
   *
   * @param rgb unsigned bytes [H, W, 3]
   * @return false when they stay as they are
   */
  abstract boolean change(byte[] rgb, ImageRandom random);
}
