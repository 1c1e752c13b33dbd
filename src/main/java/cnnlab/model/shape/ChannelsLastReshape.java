package cnnlab.model.shape;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The Reshape layer of Keras: the values of [N, H, W, C] or [N, F] keep their order and get another
 * shape of this kind. The arrays themselves are [N, C, H, W] or [N, F].
 */
public final class ChannelsLastReshape extends ShapeChange {
  private static final long serialVersionUID = 1;

  @JsonProperty private final long[] from;
  @JsonProperty private final long[] to;

  /**
   * @param from shape of the input: [H, W, C] or [F]
   * @param to shape of the output: [H, W, C] or [F]
   * @throws IllegalArgumentException when the two have other ranks or different sizes
   */
  @JsonCreator
  public ChannelsLastReshape(@JsonProperty("from") long[] from, @JsonProperty("to") long[] to) {
    boolean ranks = (from.length == 1 || from.length == 3) && (to.length == 1 || to.length == 3);
    if (!ranks || size(from) != size(to)) {
      throw new IllegalArgumentException(
          "a reshape of %s to %s: expected [H, W, C] or [F], with as many values"
              .formatted(Arrays.toString(from), Arrays.toString(to)));
    }
    this.from = from.clone();
    this.to = to.clone();
  }

  private static long size(long[] shape) {
    return LongStream.of(shape).reduce(1, Math::multiplyExact);
  }

  /** Whether the input is a vector. */
  public boolean takesVectors() {
    return from.length == 1;
  }

  /** [H, W, C] or [F] of the output. */
  public long[] to() {
    return to.clone();
  }

  @Override
  INDArray forward(INDArray input, long n) {
    return reshape(input, n, to);
  }

  @Override
  INDArray backward(INDArray gradient, long n) {
    return reshape(gradient, n, from);
  }

  private static INDArray reshape(INDArray x, long n, long[] target) {
    INDArray last = (x.rank() == 4 ? x.permute(0, 2, 3, 1) : x).dup('c');
    return target.length == 1
        ? last.reshape('c', n, target[0])
        : last.reshape('c', n, target[0], target[1], target[2]).permute(0, 3, 1, 2);
  }

  @Override
  InputType output(InputType input) {
    boolean fits =
        input instanceof InputType.InputTypeConvolutional image
            ? Arrays.equals(
                from, new long[] {image.getHeight(), image.getWidth(), image.getChannels()})
            : from.length == 1 && input.arrayElementsPerExample() == from[0];
    if (!fits) {
      throw refusal(input);
    }
    return to.length == 1
        ? InputType.feedForward(to[0])
        : InputType.convolutional(to[0], to[1], to[2]);
  }

  @Override
  public String toString() {
    return "ChannelsLastReshape(%s to %s)".formatted(Arrays.toString(from), Arrays.toString(to));
  }
}
