package cnnlab.model.layer;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Softmax over the features of [N, F] or, at each position, over the channels of [N, C, H, W], as
 * in Keras. DL4J's softmax of an image runs along its rows. (ND4J's operation gives wrong results
 * for the channels of an image in C order.)
 */
public final class ChannelSoftmax extends BaseActivationFunction {
  private static final long serialVersionUID = 1;

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    return in.assign(value(in));
  }

  /** dx[k] = y[k] · (dy[k] − Σ_j y[j] · dy[j]). */
  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    assertShape(in, epsilon);
    INDArray y = value(in);
    INDArray dy = epsilon.castTo(DataType.DOUBLE);
    return new Pair<>(in.assign(dy.sub(y.mul(dy).sum(true, 1)).muli(y)), null);
  }

  private static INDArray value(INDArray in) {
    INDArray x = in.castTo(DataType.DOUBLE);
    INDArray powers = Transforms.exp(x.sub(x.max(true, 1)), false);
    return powers.div(powers.sum(true, 1));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelSoftmax;
  }

  @Override
  public int hashCode() {
    return ChannelSoftmax.class.hashCode();
  }

  @Override
  public String toString() {
    return "softmax(channels)";
  }
}
