package cnnlab.augment.transform;

import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Hides a square of size x size pixels, so that a network does not rely on one spot (DeVries and
 * Taylor 2017, "Improved regularization of convolutional neural networks with cutout"). Its centre
 * is uniform over all pixels, so parts of it may lie outside the image. The paper fills it with 0
 * after normalisation to mean 0; here it is filled with the image's mean in each channel, which on
 * tissue is not a new colour.
 */
public final class Cutout extends MatTransform {
  private final int size;
  private final Chance chance;
  private final ImageRandom draws = new ImageRandom(0);

  public Cutout(int size, Chance chance) {
    this.size = size;
    this.chance = chance;
  }

  @Override
  public boolean apply(Mat in, Mat out, long imageSeed) {
    if (!chance.begin(draws, imageSeed)) {
      return false;
    }
    int height = in.rows();
    int width = in.cols();
    int channels = in.channels();
    byte[] pixels = pixels(in);
    int top = draws.nextInt(height) - size / 2;
    int left = draws.nextInt(width) - size / 2;
    for (int c = 0; c < channels; c++) {
      byte mean = mean(pixels, c, channels);
      for (int y = Math.max(0, top); y < Math.min(height, top + size); y++) {
        for (int x = Math.max(0, left); x < Math.min(width, left + size); x++) {
          pixels[(y * width + x) * channels + c] = mean;
        }
      }
    }
    out.data().put(pixels);
    return true;
  }

  private static byte mean(byte[] pixels, int channel, int channels) {
    long sum = 0;
    for (int i = channel; i < pixels.length; i += channels) {
      sum += pixels[i] & 0xFF;
    }
    return (byte) Math.round((double) sum * channels / pixels.length);
  }
}
