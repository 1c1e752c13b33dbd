package cnnlab.augment.colour;

import cnnlab.augment.transform.Chance;
import cnnlab.augment.transform.ImageRandom;
import cnnlab.augment.transform.MatTransform;
import org.bytedeco.opencv.opencv_core.Mat;

/** A transform of colours, the same for all pixels; RGB images only. */
abstract class ColourTransform extends MatTransform {
  private static final int RGB = 3;

  private final String name;
  private final Chance chance;
  private final ImageRandom draws = new ImageRandom(0);

  /**
   * @param name its name in messages
   */
  ColourTransform(String name, Chance chance) {
    this.name = name;
    this.chance = chance;
  }

  /**
   * @throws IllegalArgumentException when the image does not have three channels
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
   * @return false if they are unchanged
   */
  abstract boolean change(byte[] rgb, ImageRandom random);
}
