package cnnlab.augment.transform;

import java.nio.DoubleBuffer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Makes slanted writing upright: shears the image horizontally about its centre of mass so that the
 * second moment µ11 becomes zero (the slope µ11/µ02, at most ±1 or 45°). It is deterministic and
 * applies to training and evaluation images alike. Bilinear interpolation, black border.
 */
public final class Deslant extends MatTransform {
  private static final double STEEPEST = 1;

  /** In squared pixels; for flatter strokes the slant is not defined. */
  private static final double FLAT = 1e-2;

  private final Mat matrix = new Mat(2, 3, opencv_core.CV_64F);
  private final DoubleBuffer matrixBuffer = matrix.createBuffer();
  private final Scalar black = new Scalar(0, 0, 0, 0);

  @Override
  public boolean apply(Mat in, Mat out, long imageSeed) {
    int height = in.rows();
    int width = in.cols();
    int channels = in.channels();
    byte[] pixels = pixels(in);
    long mass = 0;
    long sumX = 0;
    long sumY = 0;
    for (int i = 0; i < pixels.length; i++) {
      int value = pixels[i] & 0xFF;
      mass += value;
      sumX += (long) value * (i / channels % width);
      sumY += (long) value * (i / channels / width);
    }
    if (mass == 0) {
      return false;
    }
    double cx = (double) sumX / mass;
    double cy = (double) sumY / mass;
    double mu11 = 0;
    double mu02 = 0;
    for (int i = 0; i < pixels.length; i++) {
      double dy = i / channels / width - cy;
      mu11 += (pixels[i] & 0xFF) * (i / channels % width - cx) * dy;
      mu02 += (pixels[i] & 0xFF) * dy * dy;
    }
    if (mu02 / mass < FLAT) {
      return false;
    }
    double slope = Math.max(-STEEPEST, Math.min(STEEPEST, mu11 / mu02));
    // out(x, y) = in(x + slope·(y - cy), y)
    matrixBuffer.put(0, 1).put(1, slope).put(2, -slope * cy).put(3, 0).put(4, 1).put(5, 0);
    int flags = opencv_imgproc.INTER_LINEAR | opencv_imgproc.WARP_INVERSE_MAP;
    try (Size size = new Size(width, height)) {
      opencv_imgproc.warpAffine(in, out, matrix, size, flags, opencv_core.BORDER_CONSTANT, black);
    }
    return true;
  }
}
