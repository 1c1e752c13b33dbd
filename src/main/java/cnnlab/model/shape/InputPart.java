package cnnlab.model.shape;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * One input of a model whose inputs are joined in one vector: takes features of [N, F], as a vector
 * or as images. The values of an image stand in the order [H, W, C]; the images are [N, C, H, W].
 *
 * @see cnnlab.model.JoinedGraph
 */
public final class InputPart extends ShapeChange {
  private static final long serialVersionUID = 1;

  @JsonProperty private final int all;
  @JsonProperty private final int from;
  @JsonProperty private final int[] to;

  /**
   * @param all F of the joined vector
   * @param from the first feature, from 0
   * @param to shape of the input: [H, W, C] or [F]
   * @throws IllegalArgumentException when the shape is another or the vector has no such features
   */
  @JsonCreator
  public InputPart(
      @JsonProperty("all") int all, @JsonProperty("from") int from, @JsonProperty("to") int[] to) {
    boolean shaped =
        (to.length == 1 || to.length == 3) && Arrays.stream(to).allMatch(side -> side > 0);
    if (!shaped || from < 0 || from + size(to) > all) {
      throw new IllegalArgumentException(
          "an input %s from feature %s of %s on: expected [H, W, C] or [F] within the vector"
              .formatted(Arrays.toString(to), from, all));
    }
    this.all = all;
    this.from = from;
    this.to = to.clone();
  }

  private static long size(int[] shape) {
    return LongStream.of(Arrays.stream(shape).asLongStream().toArray())
        .reduce(1, Math::multiplyExact);
  }

  /** The first feature. */
  public int from() {
    return from;
  }

  /** [H, W, C] or [F]. */
  public int[] to() {
    return to.clone();
  }

  /** The number of features. */
  public int size() {
    return (int) size(to);
  }

  private INDArrayIndex[] selection() {
    return new INDArrayIndex[] {NDArrayIndex.all(), NDArrayIndex.interval(from, from + size())};
  }

  @Override
  INDArray forward(INDArray input, long n) {
    INDArray part = input.reshape('c', n, all).get(selection());
    return to.length == 1
        ? part
        : part.dup('c').reshape('c', n, to[0], to[1], to[2]).permute(0, 3, 1, 2);
  }

  @Override
  INDArray backward(INDArray gradient, long n) {
    INDArray whole = Nd4j.zeros(gradient.dataType(), n, all);
    INDArray last = to.length == 1 ? gradient : gradient.permute(0, 2, 3, 1).dup('c');
    whole.get(selection()).assign(last.reshape('c', n, size()));
    return whole;
  }

  @Override
  InputType output(InputType input) {
    if (input.arrayElementsPerExample() != all) {
      throw refusal(input);
    }
    return to.length == 1
        ? InputType.feedForward(to[0])
        : InputType.convolutional(to[0], to[1], to[2]);
  }

  @Override
  public String toString() {
    return "InputPart(%s from %s of %s)".formatted(Arrays.toString(to), from, all);
  }
}
