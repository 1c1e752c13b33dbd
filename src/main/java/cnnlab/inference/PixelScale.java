package cnnlab.inference;

import cnnlab.data.ImageSet;

/** How 8-bit values become inputs of a network. */
public enum PixelScale {
  /** 2x/255 − 1, in [−1, 1]: this project's. */
  SYMMETRIC("2x/255 − 1"),
  /** x/255, in [0, 1]: usual in Keras and PyTorch. */
  UNIT("x/255"),
  /** x, in [0, 255]: for networks that scale their inputs themselves. */
  BYTES("x");

  private static final float MOST = 255;

  private final String formula;

  PixelScale(String formula) {
    this.formula = formula;
  }

  /** The formula, for people. */
  public String formula() {
    return formula;
  }

  /**
   * One value.
   *
   * @param value 0..255
   */
  public float of(int value) {
    return switch (this) {
      case SYMMETRIC -> ImageSet.normalise(value);
      case UNIT -> value / MOST;
      case BYTES -> value;
    };
  }

  /**
   * Scales images.
   *
   * @param pixels unsigned bytes [n, H, W, C]
   * @param n the number of images
   * @param channels C
   * @return [n, C, H, W]
   */
  public float[] apply(byte[] pixels, int n, int channels) {
    int plane = n == 0 ? 0 : pixels.length / n / channels;
    float[] x = new float[pixels.length];
    for (int i = 0; i < n; i++) {
      int image = i * plane * channels;
      for (int p = 0; p < plane; p++) {
        for (int c = 0; c < channels; c++) {
          x[image + c * plane + p] = of(pixels[image + p * channels + c] & 0xFF);
        }
      }
    }
    return x;
  }
}
