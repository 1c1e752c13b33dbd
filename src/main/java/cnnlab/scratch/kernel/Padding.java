package cnnlab.scratch.kernel;

/** How a window treats the border of its input. */
public sealed interface Padding {

  /** No padding: a window that does not fit is left out. */
  record Valid() implements Padding {}

  /**
   * TensorFlow's {@code same}: ceil(size / stride) windows; of an odd number of zeros, the extra
   * one goes to the bottom or the right.
   *
   * <p>Source: <a href="https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2">Notes
   * on padding</a>.
   */
  record Same() implements Padding {}

  /**
   * The number of zeros given for each side, as in ONNX's {@code pads} and DL4J's {@code padding};
   * each at least 0.
   */
  record Explicit(int top, int left, int bottom, int right) implements Padding {
    public Explicit {
      if (top < 0 || left < 0 || bottom < 0 || right < 0) {
        throw new IllegalArgumentException(
            "padding %d, %d, %d, %d must not be negative".formatted(top, left, bottom, right));
      }
    }
  }

  Padding VALID = new Valid();
  Padding SAME = new Same();
}
