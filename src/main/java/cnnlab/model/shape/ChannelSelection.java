package cnnlab.model.shape;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Some of the channels of images: [N, C, H, W] becomes [N, to − from, H, W]. (DL4J's SubsetVertex
 * gives its output's type a wrong number of channels.)
 */
public final class ChannelSelection extends ShapeChange {
  private static final long serialVersionUID = 1;

  @JsonProperty private final int from;
  @JsonProperty private final int to;
  @JsonProperty private final int channels;

  /**
   * @param from the first channel, from 0
   * @param to the channel after the last
   * @param channels C of the input
   * @throws IllegalArgumentException when the input does not have these channels
   */
  @JsonCreator
  public ChannelSelection(
      @JsonProperty("from") int from,
      @JsonProperty("to") int to,
      @JsonProperty("channels") int channels) {
    if (from < 0 || to <= from || to > channels) {
      throw new IllegalArgumentException(
          "channels %s to %s (exclusive) of %s".formatted(from, to, channels));
    }
    this.from = from;
    this.to = to;
    this.channels = channels;
  }

  /** The first channel. */
  public int from() {
    return from;
  }

  /** The channel after the last. */
  public int to() {
    return to;
  }

  private INDArrayIndex[] selection() {
    return new INDArrayIndex[] {
      NDArrayIndex.all(), NDArrayIndex.interval(from, to), NDArrayIndex.all(), NDArrayIndex.all()
    };
  }

  @Override
  INDArray forward(INDArray input, long n) {
    return input.get(selection());
  }

  @Override
  INDArray backward(INDArray gradient, long n) {
    INDArray all = Nd4j.zeros(gradient.dataType(), n, channels, gradient.size(2), gradient.size(3));
    all.get(selection()).assign(gradient);
    return all;
  }

  @Override
  InputType output(InputType input) {
    long[] in = image(input);
    if (in[0] != channels) {
      throw refusal(input);
    }
    return image(new long[] {to - from, in[1], in[2]});
  }

  @Override
  public String toString() {
    return "ChannelSelection(%s to %s of %s)".formatted(from, to, channels);
  }
}
