package cnnlab.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Mish: x · tanh(log(1 + exp(x))) (Misra 2019). DL4J's version loses digits for x below −5, and its
 * derivative is NaN for large x.
 */
public final class Mish extends ElementwiseActivation {
  private static final long serialVersionUID = 1;

  @Override
  INDArray value(INDArray x) {
    return Transforms.tanh(softplus(x), false).muli(x);
  }

  @Override
  INDArray derivative(INDArray x) {
    INDArray t = Transforms.tanh(softplus(x), false);
    return t.mul(t).rsubi(1).muli(logistic(x)).muli(x).addi(t);
  }

  @Override
  public String toString() {
    return "mish";
  }
}
