package cnnlab.inference;

import cnnlab.engine.Engine;
import cnnlab.metric.ClassMetrics;
import cnnlab.scratch.layer.Shape;
import java.util.Arrays;

/**
 * Occlusion sensitivity: a square of the image is hidden at one place after another, and the map
 * gives the fall of the predicted class's probability (Zeiler and Fergus 2014, "Visualizing and
 * understanding convolutional networks", ECCV, section 4.2). Where the probability rises, the map
 * is negative. Arrays must not be changed.
 *
 * @param rows H', the number of places from top to bottom: (H − square) / stride + 1, rounded down
 * @param columns W', the number of places from left to right
 * @param drop the probability for the whole image minus that with the square hidden [H', W']
 * @param predicted the most probable class of the whole image
 * @param probability its probability for the whole image, in [0, 1]
 */
public record OcclusionMap(int rows, int columns, float[] drop, int predicted, double probability) {

  /** Images per call of the classifier. */
  private static final int BATCH = 256;

  /** A classifier, such as {@link Engine#predict}. */
  @FunctionalInterface
  public interface Classifier {
    /**
     * @param x images [n, C, H, W]
     * @param n how many
     * @return probabilities [n, K]
     */
    float[] predict(float[] x, int n);
  }

  /**
   * Computes the map.
   *
   * @param classifier the classifier
   * @param image [C, H, W]
   * @param square side of the square in pixels, at most the shorter side of the image
   * @param stride pixels from one place to the next, at least 1
   * @param fill the colour of the square [C]. For images in [-1, 1], 0 is the paper's grey; a
   *     colour that occurs in such images disturbs the classifier less, such as {@link #meanColour}
   * @throws IllegalArgumentException when the square, the stride or the arrays do not fit the shape
   */
  public static OcclusionMap of(
      Classifier classifier, float[] image, Shape shape, int square, int stride, float[] fill) {
    check(image, shape, square, stride, fill);
    int rows = (shape.height() - square) / stride + 1;
    int columns = (shape.width() - square) / stride + 1;
    float[] whole = classifier.predict(image.clone(), 1);
    int classes = whole.length;
    int predicted = ClassMetrics.argmax(whole, 0, classes);
    float[] drop = new float[rows * columns];
    for (int from = 0; from < drop.length; from += BATCH) {
      int n = Math.min(BATCH, drop.length - from);
      float[] x = new float[n * image.length];
      for (int i = 0; i < n; i++) {
        System.arraycopy(image, 0, x, i * image.length, image.length);
        int top = (from + i) / columns * stride;
        int left = (from + i) % columns * stride;
        hide(x, i * image.length, shape, top, left, square, fill);
      }
      float[] p = classifier.predict(x, n);
      for (int i = 0; i < n; i++) {
        drop[from + i] = whole[predicted] - p[i * classes + predicted];
      }
    }
    return new OcclusionMap(rows, columns, drop, predicted, whole[predicted]);
  }

  /**
   * The mean of each channel.
   *
   * @param image [C, H, W]
   * @return [C]
   */
  public static float[] meanColour(float[] image, Shape shape) {
    int plane = shape.height() * shape.width();
    float[] mean = new float[shape.channels()];
    for (int c = 0; c < mean.length; c++) {
      double sum = 0;
      for (int p = 0; p < plane; p++) {
        sum += image[c * plane + p];
      }
      mean[c] = (float) (sum / plane);
    }
    return mean;
  }

  /**
   * The map in the size of the image: the value of a pixel is the mean over the places at which it
   * was hidden, or 0 if it never was.
   *
   * @param square as the map was made with
   * @param stride as the map was made with
   * @return [H, W]
   */
  public float[] onImage(Shape shape, int square, int stride) {
    float[] sum = new float[shape.height() * shape.width()];
    int[] count = new int[sum.length];
    for (int place = 0; place < drop.length; place++) {
      int top = place / columns * stride;
      int left = place % columns * stride;
      for (int y = top; y < top + square; y++) {
        for (int x = left; x < left + square; x++) {
          sum[y * shape.width() + x] += drop[place];
          count[y * shape.width() + x]++;
        }
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= Math.max(1, count[i]);
    }
    return sum;
  }

  private static void hide(
      float[] x, int offset, Shape shape, int top, int left, int square, float[] fill) {
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = top; y < top + square; y++) {
        int row = offset + (c * shape.height() + y) * shape.width();
        Arrays.fill(x, row + left, row + left + square, fill[c]);
      }
    }
  }

  private static void check(float[] image, Shape shape, int square, int stride, float[] fill) {
    if (image.length != shape.channels() * shape.height() * shape.width()
        || fill.length != shape.channels()) {
      throw new IllegalArgumentException(
          "an image of %d values and a fill of %d do not fit shape %s"
              .formatted(image.length, fill.length, shape));
    }
    if (square < 1 || stride < 1 || square > Math.min(shape.height(), shape.width())) {
      throw new IllegalArgumentException(
          "a square of %d pixels every %d pixels does not fit shape %s"
              .formatted(square, stride, shape));
    }
  }
}
