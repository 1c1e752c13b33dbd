package cnnlab.data.file;

import java.util.Arrays;

/**
 * A float array with a shape, the content of an {@code .npy} file.
 *
 * @param shape the dimensions; none for a single value
 * @param data the values in row-major (C) order, as many as the product of the shape
 */
public record NpyArray(int[] shape, float[] data) {

  /**
   * @throws IllegalArgumentException when a dimension is negative or the values do not fit the
   *     shape
   */
  public NpyArray {
    long expected = size(shape);
    if (expected != data.length) {
      throw new IllegalArgumentException(
          "array of shape %s: %d values found, %s expected"
              .formatted(
                  Arrays.toString(shape),
                  data.length,
                  expected < 0 ? "0 <= size < 2^31" : expected));
    }
  }

  /**
   * The product of a shape, or -1 when a dimension is negative or there are 2^31 values or more.
   */
  static long size(int... shape) {
    if (Arrays.stream(shape).anyMatch(d -> d < 0)) {
      return -1;
    }
    if (Arrays.stream(shape).anyMatch(d -> d == 0)) {
      return 0;
    }
    long size = 1;
    for (int dimension : shape) {
      size *= dimension;
      if (size > Integer.MAX_VALUE) {
        return -1;
      }
    }
    return size;
  }

  /**
   * Converts images from the order of numpy and Keras, [N, H, W, C], to that of the engines.
   *
   * @return a new array of shape [N, C, H, W]
   * @throws IllegalArgumentException when the array does not have four dimensions
   */
  public NpyArray nhwcToNchw() {
    if (shape.length != 4) {
      throw new IllegalArgumentException(
          "array of shape %s found, [N, H, W, C] expected".formatted(Arrays.toString(shape)));
    }
    int n = shape[0];
    int h = shape[1];
    int w = shape[2];
    int c = shape[3];
    return new NpyArray(new int[] {n, c, h, w}, nhwcToNchw(data, n, h, w, c));
  }

  /**
   * Moves the channels of images from the last to the second dimension.
   *
   * @param nhwc values [n, h, w, c]; not changed
   * @return values [n, c, h, w]
   */
  public static float[] nhwcToNchw(float[] nhwc, int n, int h, int w, int c) {
    int plane = h * w;
    float[] nchw = new float[nhwc.length];
    for (int image = 0; image < n; image++) {
      int base = image * plane * c;
      for (int p = 0; p < plane; p++) {
        for (int channel = 0; channel < c; channel++) {
          nchw[base + channel * plane + p] = nhwc[base + p * c + channel];
        }
      }
    }
    return nchw;
  }

  /**
   * Moves the channels of images from the second to the last dimension.
   *
   * @param nchw values [n, c, h, w]; not changed
   * @return values [n, h, w, c]
   */
  public static float[] nchwToNhwc(float[] nchw, int n, int h, int w, int c) {
    // Read as images of c x 1 pixels with h·w channels, the values become [n, h·w, c].
    return nhwcToNchw(nchw, n, c, 1, h * w);
  }
}
