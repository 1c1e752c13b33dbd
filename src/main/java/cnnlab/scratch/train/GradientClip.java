package cnnlab.scratch.train;

/**
 * A limit of the Euclidean norm of the gradient of parameters {@code begin} to {@code end}: a
 * longer gradient is shortened to it and keeps its direction (Pascanu et al. 2013, "On the
 * difficulty of training recurrent neural networks", ICML). Of one array of parameters it is Keras'
 * {@code clipnorm}.
 *
 * @param begin the first parameter
 * @param end one behind the last
 * @param norm the limit, more than 0
 */
public record GradientClip(int begin, int end, double norm) {

  /**
   * @throws IllegalArgumentException when the limit is not more than 0
   */
  public GradientClip {
    if (!(norm > 0)) {
      throw new IllegalArgumentException("a norm of %s, more than 0 expected".formatted(norm));
    }
  }

  /** Shortens the part of a gradient that is too long. */
  void apply(float[] gradients) {
    double squares = 0;
    for (int i = begin; i < end; i++) {
      squares += (double) gradients[i] * gradients[i];
    }
    double length = Math.sqrt(squares);
    if (length > norm) {
      float factor = (float) (norm / length);
      for (int i = begin; i < end; i++) {
        gradients[i] *= factor;
      }
    }
  }
}
