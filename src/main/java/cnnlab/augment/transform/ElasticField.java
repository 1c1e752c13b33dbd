package cnnlab.augment.transform;

import java.nio.FloatBuffer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** The random displacements of an elastic deformation; see {@link Elastic}. */
final class ElasticField {
  /** The Gaussian is truncated at this number of standard deviations. */
  private static final int CUT = 3;

  private final Elastic elastic;
  private final Size kernel;
  private final int height;
  private final int width;
  private final Mat noise;
  private final Mat smooth;
  private final FloatBuffer noiseBuffer;
  private final FloatBuffer smoothBuffer;

  /** Interleaved (x, y) displacements [H, W, 2] before scaling. */
  private final float[] values;

  /** The random strength a. */
  private float scale;

  ElasticField(Elastic elastic, int height, int width) {
    this.elastic = elastic;
    this.height = height;
    this.width = width;
    int side = 2 * (int) Math.ceil(CUT * elastic.sigma()) + 1;
    kernel = new Size(side, side);
    noise = new Mat(height, width, opencv_core.CV_32FC2);
    smooth = new Mat(height, width, opencv_core.CV_32FC2);
    noiseBuffer = noise.createBuffer();
    smoothBuffer = smooth.createBuffer();
    values = new float[2 * height * width];
  }

  /** Draws a new field. Beyond the image's edge the noise is zero. */
  void draw(ImageRandom draws) {
    scale = (float) (elastic.alpha() * draws.nextDouble());
    for (int i = 0; i < values.length; i += 2) {
      long bits = draws.nextLong();
      values[i] = uniform((int) (bits >>> 32));
      values[i + 1] = uniform((int) bits);
    }
    noiseBuffer.put(0, values);
    opencv_imgproc.GaussianBlur(
        noise, smooth, kernel, elastic.sigma(), elastic.sigma(), opencv_core.BORDER_CONSTANT);
    smoothBuffer.get(0, values);
  }

  /** 32 random bits as a number in [-1, 1). */
  private static float uniform(int bits) {
    return (bits >> 8) * 0x1p-23f;
  }

  /** The displacement in pixels of pixel {@code i} = y·W + x, along x. */
  float x(int i) {
    return scale * values[2 * i];
  }

  /** The displacement in pixels of pixel {@code i} = y·W + x, along y. */
  float y(int i) {
    return scale * values[2 * i + 1];
  }

  /**
   * The displacement between pixels, interpolated linearly; beyond the edge it is that of the edge.
   *
   * @param px x in pixels
   * @param py y in pixels
   * @param axis 0 for the displacement along x, 1 for y
   */
  float at(double px, double py, int axis) {
    double x = Math.max(0, Math.min(width - 1, px));
    double y = Math.max(0, Math.min(height - 1, py));
    int left = Math.min((int) x, Math.max(0, width - 2));
    int top = Math.min((int) y, Math.max(0, height - 2));
    int right = Math.min(left + 1, width - 1);
    int bottom = Math.min(top + 1, height - 1);
    double u = x - left;
    double v = y - top;
    double above = value(left, top, axis) * (1 - u) + value(right, top, axis) * u;
    double below = value(left, bottom, axis) * (1 - u) + value(right, bottom, axis) * u;
    return (float) (scale * (above * (1 - v) + below * v));
  }

  private float value(int x, int y, int axis) {
    return values[2 * (y * width + x) + axis];
  }
}
