package cnnlab.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The tanh approximation of GELU, Keras' {@code gelu(approximate=True)}: x/2 · (1 + tanh(√(2/π) ·
 * (x + 0.044715·x³))). DL4J's "precise" variant cubes 0.044715·x instead of x.
 */
public final class GeluTanh extends ElementwiseActivation {
  private static final long serialVersionUID = 1;
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  @Override
  INDArray value(INDArray x) {
    return tanh(x).addi(1).muli(x).divi(2);
  }

  @Override
  INDArray derivative(INDArray x) {
    INDArray t = tanh(x);
    INDArray inner = x.mul(x).muli(3 * CUBIC).addi(1).muli(SQRT_2_OVER_PI);
    INDArray slope = t.mul(t).rsubi(1).muli(inner).muli(x);
    return t.addi(1).addi(slope).divi(2);
  }

  private static INDArray tanh(INDArray x) {
    INDArray cubic = x.mul(x).muli(x).muli(CUBIC);
    return Transforms.tanh(cubic.addi(x).muli(SQRT_2_OVER_PI), false);
  }

  @Override
  public String toString() {
    return "gelu(tanh)";
  }
}
