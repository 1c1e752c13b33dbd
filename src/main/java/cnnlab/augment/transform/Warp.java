package cnnlab.augment.transform;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Several geometric transforms combined, so that the image is interpolated only once (bilinear, at
 * positions that OpenCV rounds to 1/32 pixel). In order: affine steps, at most one elastic
 * deformation, affine steps.
 */
public final class Warp extends MatTransform {
  /** An affine step and its probability. */
  public record Step(AffineStep step, Chance chance) {}

  private final List<Step> before;
  private final Elastic elastic;
  private final Chance elasticChance;
  private final List<Step> after;
  private final int border;

  private final ImageRandom draws = new ImageRandom(0);
  private final Affine first = new Affine();
  private final Affine last = new Affine();
  private final Scalar black = new Scalar(0, 0, 0, 0);
  private final Mat matrix = new Mat(2, 3, opencv_core.CV_64F);
  private final DoubleBuffer matrixBuffer = matrix.createBuffer();
  private final Mat none = new Mat();

  private int height;
  private int width;
  private Size size;
  private ElasticField field;
  private Mat map;
  private FloatBuffer mapBuffer;
  private float[] positions;

  /**
   * @param elastic the deformation, or null for none
   * @param elasticChance its probability; null without deformation
   */
  public Warp(
      List<Step> before, Elastic elastic, Chance elasticChance, List<Step> after, Border border) {
    this.before = before;
    this.elastic = elastic;
    this.elasticChance = elasticChance;
    this.after = after;
    this.border = border.code();
  }

  @Override
  public boolean apply(Mat in, Mat out, long imageSeed) {
    fit(in.rows(), in.cols());
    draw(first, before, imageSeed);
    draw(last, after, imageSeed);
    if (elastic != null && elasticChance.begin(draws, imageSeed)) {
      field.draw(draws);
      deform(in, out);
      return true;
    }
    // Without deformation: output = last(first(input)).
    first.thenLinear(last.xx, last.xy, last.yx, last.yy);
    first.thenShift(last.x0, last.y0);
    if (first.isIdentity()) {
      return false;
    }
    transform(in, out);
    return true;
  }

  private void draw(Affine affine, List<Step> steps, long imageSeed) {
    affine.reset();
    for (Step s : steps) {
      if (s.chance.begin(draws, imageSeed)) {
        s.step.append(affine, draws, height, width);
      }
    }
  }

  private void fit(int newHeight, int newWidth) {
    if (newHeight == height && newWidth == width) {
      return;
    }
    height = newHeight;
    width = newWidth;
    size = new Size(width, height);
    if (elastic != null) {
      field = new ElasticField(elastic, height, width);
      map = new Mat(height, width, opencv_core.CV_32FC2);
      mapBuffer = map.createBuffer();
      positions = new float[2 * height * width];
    }
  }

  /** out(p) = in(first⁻¹(p)). */
  private void transform(Mat in, Mat out) {
    first.invert();
    first.aboutCorner(height, width);
    first.write(matrixBuffer);
    int flags = opencv_imgproc.INTER_LINEAR | opencv_imgproc.WARP_INVERSE_MAP;
    opencv_imgproc.warpAffine(in, out, matrix, size, flags, border, black);
  }

  /** out(p) = in(first⁻¹(q + d(q))) with q = last⁻¹(p). */
  private void deform(Mat in, Mat out) {
    first.invert();
    first.aboutCorner(height, width);
    if (last.isIdentity()) {
      for (int y = 0, i = 0; y < height; y++) {
        for (int x = 0; x < width; x++, i++) {
          position(i, x + field.x(i), y + field.y(i));
        }
      }
    } else {
      last.invert();
      last.aboutCorner(height, width);
      for (int y = 0, i = 0; y < height; y++) {
        for (int x = 0; x < width; x++, i++) {
          double qx = last.xx * x + last.xy * y + last.x0;
          double qy = last.yx * x + last.yy * y + last.y0;
          position(i, qx + field.at(qx, qy, 0), qy + field.at(qx, qy, 1));
        }
      }
    }
    mapBuffer.put(0, positions);
    opencv_imgproc.remap(in, out, map, none, opencv_imgproc.INTER_LINEAR, border, black);
  }

  private void position(int i, double x, double y) {
    positions[2 * i] = (float) (first.xx * x + first.xy * y + first.x0);
    positions[2 * i + 1] = (float) (first.yx * x + first.yy * y + first.y0);
  }
}
