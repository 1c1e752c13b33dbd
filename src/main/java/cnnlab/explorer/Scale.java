package cnnlab.explorer;

/** How 8-bit values become inputs of a network. */
public enum Scale {
  /** 2x/255 − 1, in [−1, 1]: this project's. */
  SYMMETRIC("2x/255 − 1"),
  /** x/255, in [0, 1]: usual in Keras and PyTorch. */
  UNIT("x/255"),
  /** x, in [0, 255]: for networks that scale their inputs themselves. */
  BYTES("x");

  private static final float MOST = 255;

  private final String formula;

  Scale(String formula) {
    this.formula = formula;
  }

  /** The formula, for people. */
  public String formula() {
    return formula;
  }

  /**
   * Scales an image.
   *
   * @param pixels unsigned bytes [H, W, C]
   * @return [C, H, W]
   */
  float[] apply(byte[] pixels, int channels) {
    int plane = pixels.length / channels;
    float[] x = new float[pixels.length];
    for (int p = 0; p < plane; p++) {
      for (int c = 0; c < channels; c++) {
        int value = pixels[p * channels + c] & 0xFF;
        x[c * plane + p] =
            switch (this) {
              // As cnnlab.data.ImageSet.normalise, to the last bit.
              case SYMMETRIC -> 2f * value / 255f - 1f;
              case UNIT -> value / MOST;
              case BYTES -> value;
            };
      }
    }
    return x;
  }
}
