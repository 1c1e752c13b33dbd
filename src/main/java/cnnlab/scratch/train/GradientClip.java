package cnnlab.scratch.train;

/**
 * A limit on the Euclidean norm of the gradient of parameters {@code begin} to {@code end}: a
 * longer gradient is scaled down to the limit and keeps its direction (Pascanu et al. 2013, "On the
 * difficulty of training recurrent neural networks", ICML). Applied to one array of parameters,
 * this is Keras' {@code clipnorm}.
 *
 * @param begin the first parameter
 * @param end one behind the last
 * @param norm the limit, positive
 */
public record GradientClip(int begin, int end, double norm) {

  /**
   * @throws IllegalArgumentException when the limit is not positive
   */
  public GradientClip {
    if (!(norm > 0)) {
      throw new IllegalArgumentException("the norm is %s, it must be more than 0".formatted(norm));
    }
  }

  /** Scales down this part of a gradient if it is too long. */
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
