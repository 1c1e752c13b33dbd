package cnnlab.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;

/** SiLU or swish: x · σ(x) (Ramachandran et al. 2017). DL4J's derivative is NaN for large x. */
public final class Silu extends ElementwiseActivation {
  private static final long serialVersionUID = 1;

  @Override
  INDArray value(INDArray x) {
    return logistic(x).muli(x);
  }

  @Override
  INDArray derivative(INDArray x) {
    INDArray s = logistic(x);
    return s.rsub(1).muli(x).addi(1).muli(s);
  }

  @Override
  public String toString() {
    return "silu";
  }
}
