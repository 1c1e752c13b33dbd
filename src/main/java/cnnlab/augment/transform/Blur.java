package cnnlab.augment.transform;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Blur, like a slide slightly out of focus: convolution with a Gaussian whose standard deviation is
 * uniform in 0..sigma pixels. The image is reflected at its edges.
 */
public final class Blur extends MatTransform {
  /** Narrower Gaussians are skipped: they change pixels by at most 0.1 % of the local contrast. */
  private static final double SHARP = 0.25;

  private final double sigma;
  private final Chance chance;
  private final ImageRandom draws = new ImageRandom(0);

  public Blur(double sigma, Chance chance) {
    this.sigma = sigma;
    this.chance = chance;
  }

  @Override
  public boolean apply(Mat in, Mat out, long imageSeed) {
    if (!chance.begin(draws, imageSeed)) {
      return false;
    }
    double drawn = sigma * draws.nextDouble();
    if (drawn < SHARP) {
      return false;
    }
    // 0.006 % of the Gaussian lies beyond four standard deviations.
    int side = 2 * (int) Math.ceil(4 * drawn) + 1;
    try (Size kernel = new Size(side, side)) {
      int border = opencv_core.BORDER_REFLECT;
      opencv_imgproc.GaussianBlur(in, out, kernel, drawn, drawn, border);
    }
    return true;
  }
}
