package cnnlab.augment.transform;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A geometric transform with given values, for a look at one image; {@link Warp} draws them. The
 * image is rotated, sheared, magnified and shifted, in this order, and interpolated once (bilinear,
 * as in {@link Warp}); what lies outside is black.
 */
public final class Pose extends MatTransform {
  private final Values values;

  /**
   * The values.
   *
   * @param degrees rotation about the centre, counter-clockwise
   * @param shear shift of a row at distance 1 from the centre, in pixels
   * @param magnification 1 for the same size, 2 for twice the size
   * @param right shift in pixels
   * @param down shift in pixels
   */
  public record Values(
      double degrees, double shear, double magnification, double right, double down) {
    /**
     * @throws IllegalArgumentException when a value is not finite, or the magnification is not
     *     positive
     */
    public Values {
      if (!Double.isFinite(degrees + shear + magnification + right + down) || magnification <= 0) {
        throw new IllegalArgumentException(
            "rotation %s, shear %s, magnification %s and shift %s, %s: numbers expected, the magnification above 0"
                .formatted(degrees, shear, magnification, right, down));
      }
    }
  }

  public Pose(Values values) {
    this.values = values;
  }

  @Override
  public boolean apply(Mat in, Mat out, long imageSeed) {
    Affine affine = new Affine();
    affine.thenRotate(values.degrees);
    affine.thenLinear(1, values.shear, 0, 1);
    affine.thenLinear(values.magnification, 0, 0, values.magnification);
    affine.thenShift(values.right, values.down);
    if (affine.isIdentity()) {
      return false;
    }
    affine.invert();
    affine.aboutCorner(in.rows(), in.cols());
    try (Mat matrix = new Mat(2, 3, opencv_core.CV_64F);
        Size size = new Size(in.cols(), in.rows());
        Scalar black = new Scalar(0, 0, 0, 0)) {
      affine.write(matrix.createBuffer());
      opencv_imgproc.warpAffine(
          in,
          out,
          matrix,
          size,
          opencv_imgproc.INTER_LINEAR | opencv_imgproc.WARP_INVERSE_MAP,
          Border.ZERO.code(),
          black);
    }
    return true;
  }
}
