package cnnlab.augment.transform;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Makes bright strokes thicker or thinner: with t uniform in ±amount, (1 - |t|)·image + |t|·D,
 * where D is the image dilated (t &gt; 0) or eroded (t &lt; 0) by a 2x2 square. The anchor is a
 * random corner of the square, so that strokes do not drift on average.
 */
public final class Thickness extends MatTransform {
  private final double amount;
  private final Chance chance;
  private final ImageRandom draws = new ImageRandom(0);
  private final Mat square =
      opencv_imgproc.getStructuringElement(opencv_imgproc.MORPH_RECT, new Size(2, 2));
  private final Point[] corners = {
    new Point(0, 0), new Point(0, 1), new Point(1, 0), new Point(1, 1)
  };
  private final Scalar outside = opencv_imgproc.morphologyDefaultBorderValue();
  private Mat changed = new Mat();

  public Thickness(double amount, Chance chance) {
    this.amount = amount;
    this.chance = chance;
  }

  @Override
  public boolean apply(Mat in, Mat out, long imageSeed) {
    if (!chance.begin(draws, imageSeed)) {
      return false;
    }
    double t = draws.symmetric(amount);
    Point corner = corners[draws.nextInt(corners.length)];
    int border = opencv_core.BORDER_CONSTANT;
    if (t > 0) {
      opencv_imgproc.dilate(in, changed, square, corner, 1, border, outside);
    } else {
      opencv_imgproc.erode(in, changed, square, corner, 1, border, outside);
    }
    double share = Math.abs(t);
    opencv_core.addWeighted(in, 1 - share, changed, share, 0, out, -1);
    return true;
  }
}
