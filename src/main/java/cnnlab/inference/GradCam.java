package cnnlab.inference;

import cnnlab.scratch.ScoreGradient;
import cnnlab.scratch.layer.Shape;

/**
 * Gradient-weighted class activation mapping (Selvaraju et al. 2017, "Grad-CAM: Visual explanations
 * from deep networks via gradient-based localization", ICCV): where the K feature maps A of a layer
 * support a class c. With the class score y[c] before the softmax, and maps of Z = H'·W' pixels,
 *
 * <pre>
 *   alpha[k]  = 1/Z · Σ_i Σ_j ∂y[c]/∂A[k, i, j]        (equation 1)
 *   map[i, j] = max(0, Σ_k alpha[k] · A[k, i, j])      (equation 2)
 * </pre>
 *
 * <p>Where the maps go through global average pooling and one dense layer to the scores, this is
 * the positive part of the class activation map of Zhou et al. 2016 ("Learning deep features for
 * discriminative localization", CVPR), divided by Z. The array must not be changed.
 *
 * @param rows H', the height of the layer's maps
 * @param columns W', their width
 * @param map at least 0, in the unit of the score; 0 where nothing supports the class [H', W']
 * @param target the class c
 * @param score y[c]
 */
public record GradCam(int rows, int columns, float[] map, int target, float score) {

  /**
   * Explains a class.
   *
   * @param gradient of the network, with respect to the layer whose maps are weighted; in the
   *     paper, the last convolution
   * @param image [C, H, W]
   * @param target the class, from 0
   * @throws IllegalArgumentException when the image does not fit the network, or it has no such
   *     class
   */
  public static GradCam of(ScoreGradient gradient, float[] image, int target) {
    Shape shape = gradient.shape();
    ScoreGradient.Result result = gradient.of(image, 1, target);
    int plane = shape.plane();
    double[] sum = new double[plane];
    for (int k = 0; k < shape.channels(); k++) {
      double alpha = 0;
      for (int p = 0; p < plane; p++) {
        alpha += result.gradients()[k * plane + p];
      }
      alpha /= plane;
      for (int p = 0; p < plane; p++) {
        sum[p] += alpha * result.maps()[k * plane + p];
      }
    }
    float[] map = new float[plane];
    for (int p = 0; p < plane; p++) {
      map[p] = (float) Math.max(0, sum[p]);
    }
    return new GradCam(shape.height(), shape.width(), map, target, result.scores()[target]);
  }

  /**
   * The map in the size of the image, by bilinear interpolation between the centres of its pixels;
   * beyond the outermost centres it stays as it is at them.
   *
   * @param shape of the image
   * @return [H, W], at least 0
   */
  public float[] onImage(Shape shape) {
    float[] pixels = new float[shape.plane()];
    for (int y = 0; y < shape.height(); y++) {
      double v = position(y, shape.height(), rows);
      int top = Math.min((int) v, Math.max(0, rows - 2));
      for (int x = 0; x < shape.width(); x++) {
        double u = position(x, shape.width(), columns);
        int left = Math.min((int) u, Math.max(0, columns - 2));
        double above = between(top, left, u - left);
        double below = between(Math.min(top + 1, rows - 1), left, u - left);
        pixels[y * shape.width() + x] = (float) (above + (v - top) * (below - above));
      }
    }
    return pixels;
  }

  /**
   * Where the centre of an image's pixel lies among the centres of the map's, within [0, n − 1].
   */
  private static double position(int pixel, int pixels, int n) {
    return Math.min(Math.max((pixel + 0.5) * n / pixels - 0.5, 0), n - 1.0);
  }

  private double between(int row, int left, double share) {
    double first = map[row * columns + left];
    double second = map[row * columns + Math.min(left + 1, columns - 1)];
    return first + share * (second - first);
  }
}
