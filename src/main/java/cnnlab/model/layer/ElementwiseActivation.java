package cnnlab.model.layer;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log1p;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * An element-wise activation function that DL4J lacks or computes differently from Keras. Function
 * and derivative are computed in double precision and rounded once.
 *
 * <p>Two objects are equal if they are the same function with the same arguments.
 */
abstract class ElementwiseActivation extends BaseActivationFunction {
  private static final long serialVersionUID = 1;

  /** f(x) of every value, as a new array. */
  abstract INDArray value(INDArray x);

  /** df/dx of every value, as a new array; at a kink the derivative from the left. */
  abstract INDArray derivative(INDArray x);

  /** The function's name and, if it has any, its arguments. */
  @Override
  public abstract String toString();

  /** Overwrites {@code in}, as DL4J requires. */
  @Override
  public final INDArray getActivation(INDArray in, boolean training) {
    return in.assign(value(in.castTo(DataType.DOUBLE)));
  }

  /** dLoss/dIn = f′(in) · dLoss/dOut, written over {@code in}. */
  @Override
  public final Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    assertShape(in, epsilon);
    return new Pair<>(in.assign(derivative(in.castTo(DataType.DOUBLE))).muli(epsilon), null);
  }

  @Override
  public final boolean equals(Object other) {
    return other != null && other.getClass() == getClass() && other.toString().equals(toString());
  }

  @Override
  public final int hashCode() {
    return toString().hashCode();
  }

  /** 1 where x is greater than the limit, else 0. */
  static INDArray above(INDArray x, double limit) {
    return x.gt(limit).castTo(x.dataType());
  }

  /** σ(x) = 1 / (1 + exp(−x)). */
  static INDArray logistic(INDArray x) {
    return Transforms.sigmoid(x, true);
  }

  /** log(1 + exp(x)) as max(x, 0) + log(1 + exp(−|x|)): it neither overflows nor loses digits. */
  static INDArray softplus(INDArray x) {
    INDArray small = Transforms.exp(Transforms.abs(x, true).negi(), false);
    return Transforms.max(x, 0.0, true).addi(Nd4j.getExecutioner().exec(new Log1p(small)));
  }
}
