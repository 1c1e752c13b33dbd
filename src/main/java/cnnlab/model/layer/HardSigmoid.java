package cnnlab.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The hard sigmoid of Keras 3: x/6 + 1/2, clipped to [0, 1]. DL4J has that of Keras 2: x/5 + 1/2.
 */
public final class HardSigmoid extends ElementwiseActivation {
  private static final long serialVersionUID = 1;

  @Override
  INDArray value(INDArray x) {
    return Transforms.min(Transforms.max(x.div(6).addi(0.5), 0.0, false), 1.0, false);
  }

  @Override
  INDArray derivative(INDArray x) {
    return above(x, -3).subi(above(x, 3)).divi(6);
  }

  @Override
  public String toString() {
    return "hard_sigmoid";
  }
}
