package cnnlab.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erfc;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The exact GELU, the default of Keras: x · Φ(x), with the normal distribution function Φ computed
 * by erf (Hendrycks and Gimpel 2016). DL4J has the logistic approximation.
 */
public final class GeluExact extends ElementwiseActivation {
  private static final long serialVersionUID = 1;

  @Override
  INDArray value(INDArray x) {
    return distribution(x).muli(x);
  }

  @Override
  INDArray derivative(INDArray x) {
    INDArray density = Transforms.exp(x.mul(x).muli(-0.5), false).divi(Math.sqrt(2 * Math.PI));
    return distribution(x).addi(density.muli(x));
  }

  /** Φ(x) = erfc(−x/√2) / 2. */
  private static INDArray distribution(INDArray x) {
    return Nd4j.getExecutioner().exec(new Erfc(x.div(-Math.sqrt(2)))).divi(2);
  }

  @Override
  public String toString() {
    return "gelu(exact)";
  }
}
