package cnnlab.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The logarithm of the logistic function: log σ(x) = −softplus(−x). */
public final class LogSigmoid extends ElementwiseActivation {
  private static final long serialVersionUID = 1;

  @Override
  INDArray value(INDArray x) {
    return softplus(x.neg()).negi();
  }

  @Override
  INDArray derivative(INDArray x) {
    return logistic(x.neg());
  }

  @Override
  public String toString() {
    return "log_sigmoid";
  }
}
