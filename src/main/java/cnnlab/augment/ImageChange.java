package cnnlab.augment;

import cnnlab.augment.colour.ColourChange;
import cnnlab.augment.transform.MatTransform;
import cnnlab.augment.transform.Pose;
import java.util.List;

/**
 * A change of an 8-bit image by given values, in the units of {@link Augmentation}, which draws its
 * values at random. It shows what a network makes of one rotation or one staining.
 *
 * <p>In order: flips, the geometric transform, brightness and contrast, colours.
 *
 * @param flipHorizontally whether left and right are exchanged
 * @param flipVertically whether top and bottom are exchanged
 * @param pose rotation, shear, magnification, shift
 * @param brightness added to all values, as a fraction of the range 0..255
 * @param contrast factor about the mean of each channel
 * @param colours stain, hue and saturation; only for three channels
 */
public record ImageChange(
    boolean flipHorizontally,
    boolean flipVertically,
    Pose.Values pose,
    double brightness,
    double contrast,
    ColourChange.Values colours) {
  private static final int RGB = 3;
  private static final int MOST_LEVEL = 255;

  /** Changes nothing. */
  public static final ImageChange NONE =
      new ImageChange(
          false, false, new Pose.Values(0, 0, 1, 0, 0), 0, 1, new ColourChange.Values(1, 1, 0, 1));

  /**
   * @throws IllegalArgumentException when a value is not finite
   */
  public ImageChange {
    if (!Double.isFinite(brightness + contrast)) {
      throw new IllegalArgumentException(
          "brightness %s and contrast %s: numbers expected".formatted(brightness, contrast));
    }
  }

  /**
   * Changes an image.
   *
   * @param pixels unsigned bytes [H, W, C], C at most 4; not changed
   * @param height H
   * @param width W
   * @param channels C
   * @return unsigned bytes [H, W, C]
   */
  public byte[] apply(byte[] pixels, int height, int width, int channels) {
    byte[] out = flipped(pixels, height, width, channels);
    run(new Pose(pose), out, height, width, channels);
    if (brightness != 0 || contrast != 1) {
      tone(out, channels);
    }
    if (channels == RGB && !colours.equals(NONE.colours)) {
      run(new ColourChange(colours), out, height, width, channels);
    }
    return out;
  }

  private byte[] flipped(byte[] pixels, int height, int width, int channels) {
    byte[] out = new byte[pixels.length];
    for (int y = 0; y < height; y++) {
      int fromY = flipVertically ? height - 1 - y : y;
      for (int x = 0; x < width; x++) {
        int fromX = flipHorizontally ? width - 1 - x : x;
        System.arraycopy(
            pixels, (fromY * width + fromX) * channels, out, (y * width + x) * channels, channels);
      }
    }
    return out;
  }

  private static void run(MatTransform step, byte[] image, int height, int width, int channels) {
    new Pipeline(List.of(step)).apply(image, 0, height, width, channels, 0, image, 0);
  }

  private void tone(byte[] image, int channels) {
    for (int c = 0; c < channels; c++) {
      long sum = 0;
      for (int i = c; i < image.length; i += channels) {
        sum += image[i] & 0xFF;
      }
      double mean = (double) sum * channels / image.length;
      double shift = mean * (1 - contrast) + brightness * MOST_LEVEL;
      for (int i = c; i < image.length; i += channels) {
        double level = (image[i] & 0xFF) * contrast + shift;
        image[i] = (byte) Math.max(0, Math.min(MOST_LEVEL, Math.round(level)));
      }
    }
  }
}
