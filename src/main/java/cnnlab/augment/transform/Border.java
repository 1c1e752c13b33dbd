package cnnlab.augment.transform;

import org.bytedeco.opencv.global.opencv_core;

/** The values beyond the edge of an image ({@code a b c d} is a row). */
public enum Border {
  /** {@code 0 0 | a b c d | 0 0}: black, like MNIST's background. */
  ZERO(opencv_core.BORDER_CONSTANT),
  /** {@code b a | a b c d | d c}: the default of Keras' layers. */
  REFLECT(opencv_core.BORDER_REFLECT),
  /** {@code a a | a b c d | d d}. */
  NEAREST(opencv_core.BORDER_REPLICATE);

  private final int code;

  Border(int code) {
    this.code = code;
  }

  /** OpenCV's code. */
  int code() {
    return code;
  }
}
