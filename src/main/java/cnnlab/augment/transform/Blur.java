package cnnlab.augment.transform;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A slide a little out of focus: convolution with a Gaussian whose standard deviation is uniform in
 * 0..sigma pixels; the image is reflected at its edges.
 */
public final class Blur extends MatTransform {
  /** A narrower Gaussian changes no pixel by more than a thousandth of its neighbours' contrast. */
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
    // Beyond four standard deviations 0.006 % of the Gaussian are left.
    int side = 2 * (int) Math.ceil(4 * drawn) + 1;
    try (Size kernel = new Size(side, side)) {
      int border = opencv_core.BORDER_REFLECT;
      opencv_imgproc.GaussianBlur(in, out, kernel, drawn, drawn, border);
    }
    return true;
  }
}
