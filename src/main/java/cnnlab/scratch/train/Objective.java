package cnnlab.scratch.train;

import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Softmax;

/**
 * The loss that training minimises, besides penalties: the mean over the batch of a loss of each
 * image's outputs p[k] and targets y[k], k = 1..K.
 */
public enum Objective {
  /** −Σ_k y[k] · log p[k], for a softmax over a vector. */
  CATEGORICAL_CROSS_ENTROPY {
    @Override
    boolean fits(Node last) {
      return last.layer() instanceof Softmax;
    }

    @Override
    double loss(double p, double y, int outputs) {
      return minusLog(p, y);
    }

    @Override
    double gradient(double p, double y, int outputs) {
      return p - y;
    }
  },

  /**
   * −Σ_k (y[k] · log p[k] + (1 − y[k]) · log(1 − p[k])), for sigmoids. A sum over k, as in DL4J;
   * Keras takes the mean.
   */
  BINARY_CROSS_ENTROPY {
    @Override
    boolean fits(Node last) {
      return last.layer() instanceof Activate a && a.activation().equals(Activation.SIGMOID);
    }

    @Override
    double loss(double p, double y, int outputs) {
      return minusLog(p, y) + minusLog(1 - p, 1 - y);
    }

    @Override
    double gradient(double p, double y, int outputs) {
      return p - y;
    }
  },

  /** 1/K · Σ_k (p[k] − y[k])², for any last layer. */
  SQUARED_ERROR {
    @Override
    boolean fits(Node last) {
      return true;
    }

    @Override
    double loss(double p, double y, int outputs) {
      return (p - y) * (p - y) / outputs;
    }

    @Override
    double gradient(double p, double y, int outputs) {
      return 2 * (p - y) / outputs;
    }
  };

  /** Whether a network that ends in the given layer can be trained with this loss. */
  abstract boolean fits(Node last);

  /** The part of one output in the loss. */
  abstract double loss(double p, double y, int outputs);

  /**
   * The derivative of the loss: with respect to the last layer's output, or to its input if {@link
   * #includesLast}.
   */
  abstract double gradient(double p, double y, int outputs);

  /**
   * Whether {@link #gradient} includes the derivative of the last layer. Softmax or sigmoid and
   * cross-entropy together have the derivative p − y, which neither overflows nor divides by a
   * small p.
   */
  boolean includesLast() {
    return this != SQUARED_ERROR;
  }

  /** Smaller probabilities are raised to this before the logarithm, as in Keras. */
  public static final double CLIP = 1e-7;

  private static double minusLog(double p, double y) {
    return y == 0 ? 0 : -y * Math.log(Math.max(p, CLIP));
  }

  /**
   * @throws IllegalArgumentException when a network that ends in this node cannot be trained with
   *     this loss
   */
  void requireFits(Node last) {
    if (!fits(last) || !last.shape().isVector()) {
      throw new IllegalArgumentException(
          "layer '%s' (%s, %s): training with %s needs %s over a vector as the last layer"
              .formatted(
                  last.name(),
                  last.layer().kind(),
                  last.shape(),
                  name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                  switch (this) {
                    case CATEGORICAL_CROSS_ENTROPY -> "a softmax";
                    case BINARY_CROSS_ENTROPY -> "a sigmoid";
                    case SQUARED_ERROR -> "outputs";
                  }));
    }
  }
}
