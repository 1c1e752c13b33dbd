package cnnlab.model;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.api.ops.impl.transforms.gradient.SoftmaxBp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Softmax over the features of [N, F] or over the channels of [N, C, H, W] at each position, as
 * Keras has it for images; DL4J's own goes along the rows of an image.
 */
public final class ChannelSoftmax extends BaseActivationFunction {
  private static final long serialVersionUID = 1;

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    Nd4j.exec(new SoftMax(in, in, 1));
    return in;
  }

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    assertShape(in, epsilon);
    Nd4j.exec(new SoftmaxBp(in, epsilon, in, 1));
    return new Pair<>(in, null);
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
