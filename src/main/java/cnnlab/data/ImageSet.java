package cnnlab.data;

import java.util.Arrays;

/**
 * Labelled 8-bit images, stored as bytes and converted to floats one batch at a time.
 *
 * @param name its name in messages and tables, such as {@code "MNIST train"}
 * @param channels C: 1 for grey, 3 for RGB
 * @param height H in pixels
 * @param width W in pixels
 * @param classes K, the number of classes, or 0 when it is unknown
 * @param pixels unsigned bytes [N, H, W, C]
 * @param labels class numbers [N] in 0..K-1, or -1 for an unknown label
 */
public record ImageSet(
    String name, int channels, int height, int width, int classes, byte[] pixels, int[] labels) {

  /**
   * @throws IllegalArgumentException when the arrays do not fit the shape or a label is out of
   *     range
   */
  public ImageSet {
    long expected = (long) labels.length * height * width * channels;
    if (pixels.length != expected) {
      throw new IllegalArgumentException(
          "%s: %d pixel bytes found, %d expected for %d images of %dx%dx%d"
              .formatted(name, pixels.length, expected, labels.length, height, width, channels));
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < -1 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            "%s: label %d of image %d is not one of the classes 0..%d"
                .formatted(name, labels[i], i, classes - 1));
      }
    }
  }

  /** N, the number of images. */
  public int count() {
    return labels.length;
  }

  /** C·H·W, the number of values of one image. */
  public int imageSize() {
    return channels * height * width;
  }

  /**
   * Writes one image as floats, normalised from [0, 255] to [-1, 1] by 2x/255 − 1, channels first.
   *
   * @param index the image, 0..N-1
   * @param out receives C·H·W values in the order [C, H, W]
   * @param offset the start of the image in {@code out}
   */
  public void normalised(int index, float[] out, int offset) {
    int plane = height * width;
    int from = index * plane * channels;
    for (int p = 0; p < plane; p++) {
      for (int c = 0; c < channels; c++) {
        out[offset + c * plane + p] = normalise(pixels[from + p * channels + c] & 0xFF);
      }
    }
  }

  /**
   * Several images as one float batch.
   *
   * @param indices the images
   * @param from first position in {@code indices}
   * @param to position after the last one
   * @return [to - from, C, H, W], normalised to [-1, 1]
   */
  public float[] batch(int[] indices, int from, int to) {
    float[] out = new float[(to - from) * imageSize()];
    for (int i = from; i < to; i++) {
      normalised(indices[i], out, (i - from) * imageSize());
    }
    return out;
  }

  /** Whether every image has a label; sets that are used only for prediction have no labels. */
  public boolean labelled() {
    return Arrays.stream(labels).allMatch(label -> label >= 0);
  }

  /**
   * One-hot targets of several images.
   *
   * @return [to - from, K]: 1 at the label, 0 elsewhere
   * @throws IllegalArgumentException when a label is unknown
   */
  public float[] oneHot(int[] indices, int from, int to) {
    float[] y = new float[(to - from) * classes];
    for (int i = from; i < to; i++) {
      int label = labels[indices[i]];
      if (label < 0) {
        throw new IllegalArgumentException(
            "%s: image %d has no label, so it has no target".formatted(name, indices[i]));
      }
      y[(i - from) * classes + label] = 1;
    }
    return y;
  }

  /** 2x/255 − 1: an 8-bit value 0..255 as a float in [-1, 1]. */
  public static float normalise(int value) {
    return 2f * value / 255f - 1f;
  }
}
