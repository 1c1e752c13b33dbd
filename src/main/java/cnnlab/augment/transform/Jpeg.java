package cnnlab.augment.transform;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * JPEG artefacts, as slide scanners and copies leave them: the image is compressed and
 * decompressed, with a whole-numbered quality drawn uniformly from lowest to highest, both
 * included. Quality is that of libjpeg, 1 to 100: the lower it is, the more coarsely the
 * frequencies of each block of 8x8 pixels are stored, the high ones most. The colours of RGB images
 * are stored at half the resolution (4:2:0), libjpeg's default. The grid of blocks begins at the
 * image's corner.
 *
 * <p>The course's PatchCamelyon files hold JPEG copies of quality 75 on the same grid. Compressing
 * them once more at quality 75 changes them by 0.6 levels on average; quality 90 changes them by
 * 2.6, 80 by 3.6, 70 by 3.8 and 50 by 13.
 *
 * <p>Grey and RGB images only.
 */
public final class Jpeg extends MatTransform {
  private static final int RGB = 3;
  private static final String FORMAT = ".jpg";

  private final int lowest;
  private final int highest;
  private final Chance chance;
  private final ImageRandom draws = new ImageRandom(0);
  private final IntPointer options =
      new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, opencv_imgcodecs.IMWRITE_JPEG_QUALITY);

  /**
   * @param lowest the lowest quality, 1 to 100
   * @param highest the highest quality, from {@code lowest} to 100
   */
  public Jpeg(int lowest, int highest, Chance chance) {
    this.lowest = lowest;
    this.highest = highest;
    this.chance = chance;
  }

  /**
   * @throws IllegalArgumentException when the image has neither one nor three channels
   */
  @Override
  public boolean apply(Mat in, Mat out, long imageSeed) {
    int channels = in.channels();
    if (channels != 1 && channels != RGB) {
      throw new IllegalArgumentException(
          "jpeg: an image of %d channels found, 1 (grey) or 3 (RGB) expected; leave jpeg out"
              .formatted(channels));
    }
    if (!chance.begin(draws, imageSeed)) {
      return false;
    }
    options.put(1, lowest + draws.nextInt(highest - lowest + 1));
    byte[] pixels = pixels(in);
    exchangeRedAndBlue(pixels, channels);
    out.data().put(pixels);
    compress(out, pixels, channels);
    exchangeRedAndBlue(pixels, channels);
    out.data().put(pixels);
    return true;
  }

  /** Compresses an image in OpenCV's order of channels, and decompresses it into {@code pixels}. */
  private void compress(Mat image, byte[] pixels, int channels) {
    int flags = channels == 1 ? opencv_imgcodecs.IMREAD_GRAYSCALE : opencv_imgcodecs.IMREAD_COLOR;
    try (BytePointer file = new BytePointer()) {
      if (!opencv_imgcodecs.imencode(FORMAT, image, file, options)) {
        throw new IllegalStateException("jpeg: OpenCV cannot compress JPEG images");
      }
      try (Mat bytes = new Mat(1, (int) file.limit(), opencv_core.CV_8U, file);
          Mat decoded = opencv_imgcodecs.imdecode(bytes, flags)) {
        decoded.data().get(pixels);
      }
    }
  }

  /** OpenCV's order is blue, green, red; JPEG preserves red better than blue. */
  private static void exchangeRedAndBlue(byte[] pixels, int channels) {
    if (channels == RGB) {
      for (int i = 0; i < pixels.length; i += RGB) {
        byte first = pixels[i];
        pixels[i] = pixels[i + 2];
        pixels[i + 2] = first;
      }
    }
  }
}
