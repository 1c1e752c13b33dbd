package cnnlab.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Softplus: log(1 + exp(x)). DL4J's version overflows for large x and is 0 for small x. */
public final class Softplus extends ElementwiseActivation {
  private static final long serialVersionUID = 1;

  @Override
  INDArray value(INDArray x) {
    return softplus(x);
  }

  @Override
  INDArray derivative(INDArray x) {
    return logistic(x);
  }

  @Override
  public String toString() {
    return "softplus";
  }
}
