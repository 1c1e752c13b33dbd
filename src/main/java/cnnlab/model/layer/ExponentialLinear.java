package cnnlab.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * ELU: x for x &gt; 0, alpha · (exp(x) − 1) otherwise (Clevert et al. 2015). DL4J's derivative is
 * wrong for an alpha other than 1.
 */
public final class ExponentialLinear extends ElementwiseActivation {
  private static final long serialVersionUID = 1;

  private final double alpha;

  /**
   * @param alpha the negative of the limit on the left
   */
  @JsonCreator
  public ExponentialLinear(@JsonProperty("alpha") double alpha) {
    this.alpha = alpha;
  }

  public double alpha() {
    return alpha;
  }

  @Override
  INDArray value(INDArray x) {
    INDArray left = Transforms.expm1(Transforms.min(x, 0.0, true), false).muli(alpha);
    return Transforms.max(x, 0.0, true).addi(left);
  }

  @Override
  INDArray derivative(INDArray x) {
    INDArray right = above(x, 0);
    INDArray left = Transforms.exp(Transforms.min(x, 0.0, true), false).muli(alpha);
    return left.muli(right.rsub(1)).addi(right);
  }

  @Override
  public String toString() {
    return "elu(alpha=%s)".formatted(alpha);
  }
}
