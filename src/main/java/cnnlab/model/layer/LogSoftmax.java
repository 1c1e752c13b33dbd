package cnnlab.model.layer;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The logarithm of a softmax over features or channels: x[k] − max x − log Σ_j exp(x[j] − max x),
 * for [N, F] or, at each position, [N, C, H, W].
 */
public final class LogSoftmax extends BaseActivationFunction {
  private static final long serialVersionUID = 1;

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    return in.assign(value(in));
  }

  /** dx[k] = dy[k] − softmax(x)[k] · Σ_j dy[j]. */
  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    assertShape(in, epsilon);
    INDArray sums = epsilon.castTo(DataType.DOUBLE).sum(true, 1);
    INDArray share = Transforms.exp(value(in), false).mul(sums);
    return new Pair<>(in.assign(share.negi()).addi(epsilon), null);
  }

  private static INDArray value(INDArray in) {
    INDArray x = in.castTo(DataType.DOUBLE);
    INDArray shifted = x.sub(x.max(true, 1));
    return shifted.sub(Transforms.log(Transforms.exp(shifted, true).sum(true, 1), false));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LogSoftmax;
  }

  @Override
  public int hashCode() {
    return LogSoftmax.class.hashCode();
  }

  @Override
  public String toString() {
    return "log_softmax";
  }
}
