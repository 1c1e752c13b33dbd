package cnnlab.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Hard SiLU or hard swish: x · hard sigmoid(x), with the {@link HardSigmoid} of Keras 3 (Howard et
 * al. 2019).
 */
public final class HardSilu extends ElementwiseActivation {
  private static final long serialVersionUID = 1;
  private static final HardSigmoid SIGMOID = new HardSigmoid();

  @Override
  INDArray value(INDArray x) {
    return SIGMOID.value(x).muli(x);
  }

  @Override
  INDArray derivative(INDArray x) {
    return SIGMOID.derivative(x).muli(x).addi(SIGMOID.value(x));
  }

  @Override
  public String toString() {
    return "hard_silu";
  }
}
