package cnnlab.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The exponential function: exp(x). */
public final class Exponential extends ElementwiseActivation {
  private static final long serialVersionUID = 1;

  @Override
  INDArray value(INDArray x) {
    return Transforms.exp(x, true);
  }

  @Override
  INDArray derivative(INDArray x) {
    return Transforms.exp(x, true);
  }

  @Override
  public String toString() {
    return "exponential";
  }
}
