package cnnlab.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The general ReLU of Keras: min(x, maxValue) for x &gt; threshold, negativeSlope · (x − threshold)
 * otherwise.
 *
 * <p>Source: <a href="https://keras.io/api/layers/activation_layers/relu/">Keras' ReLU layer</a>.
 * At the threshold itself Keras computes 0, in contrast to its documentation.
 */
public final class RectifiedLinear extends ElementwiseActivation {
  private static final long serialVersionUID = 1;

  private final Double maxValue;
  private final double negativeSlope;
  private final double threshold;

  /**
   * @param maxValue at least 0, or null for no limit
   * @param negativeSlope at least 0
   * @param threshold at least 0
   * @throws IllegalArgumentException when an argument is out of its range
   */
  @JsonCreator
  public RectifiedLinear(
      @JsonProperty("maxValue") Double maxValue,
      @JsonProperty("negativeSlope") double negativeSlope,
      @JsonProperty("threshold") double threshold) {
    if (!((maxValue == null || maxValue >= 0) && negativeSlope >= 0 && threshold >= 0)) {
      throw new IllegalArgumentException(
          "ReLU with maximum %s, negative slope %s and threshold %s found; none may be negative"
              .formatted(maxValue, negativeSlope, threshold));
    }
    this.maxValue = maxValue;
    this.negativeSlope = negativeSlope;
    this.threshold = threshold;
  }

  /** The largest value of the function; infinite for no limit. */
  public double maxValue() {
    return maxValue == null ? Double.POSITIVE_INFINITY : maxValue;
  }

  public double negativeSlope() {
    return negativeSlope;
  }

  public double threshold() {
    return threshold;
  }

  @Override
  INDArray value(INDArray x) {
    INDArray right = Transforms.min(x, maxValue(), true).muli(above(x, threshold));
    INDArray left = Transforms.min(x.sub(threshold), 0.0, false).muli(negativeSlope);
    return right.addi(left);
  }

  @Override
  INDArray derivative(INDArray x) {
    INDArray right = above(x, threshold);
    INDArray limited = right.mul(x.lte(maxValue()).castTo(x.dataType()));
    return right.rsubi(1).muli(negativeSlope).addi(limited);
  }

  @Override
  public String toString() {
    return "relu(max=%s, slope=%s, threshold=%s)".formatted(maxValue, negativeSlope, threshold);
  }
}
