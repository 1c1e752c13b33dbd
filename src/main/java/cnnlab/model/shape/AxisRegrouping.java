package cnnlab.model.shape;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A reshape, a transpose and a reshape of each example: the values of [N, C, H, W] or [N, F] are
 * taken as an array of other sizes, whose axes are exchanged and which is then given another shape,
 * as in the channel shuffle of ShuffleNet.
 */
public final class AxisRegrouping extends ShapeChange {
  private static final long serialVersionUID = 1;
  private static final int MOST_AXES = 16;

  @JsonProperty private final long[] from;
  @JsonProperty private final long[] sizes;
  @JsonProperty private final int[] order;
  @JsonProperty private final long[] to;

  /**
   * @param from shape of the input: [C, H, W] or [F]
   * @param sizes of the axes that are exchanged; their product is that of {@code from}
   * @param order the axes of {@code sizes} in the order of the output
   * @param to shape of the output: [C, H, W] or [F]
   * @throws IllegalArgumentException when the numbers of values differ, or the order is none
   */
  @JsonCreator
  public AxisRegrouping(
      @JsonProperty("from") long[] from,
      @JsonProperty("sizes") long[] sizes,
      @JsonProperty("order") int[] order,
      @JsonProperty("to") long[] to) {
    boolean ranks = (from.length == 1 || from.length == 3) && (to.length == 1 || to.length == 3);
    boolean positive =
        LongStream.of(sizes).allMatch(d -> d > 0) && LongStream.of(to).allMatch(d -> d > 0);
    boolean each =
        sizes.length <= MOST_AXES
            && Arrays.equals(
                Arrays.stream(order).sorted().toArray(),
                IntStream.range(0, sizes.length).toArray());
    if (!ranks || !positive || !each || size(from) != size(sizes) || size(from) != size(to)) {
      throw new IllegalArgumentException(
          "%s as %s in the order %s to %s: expected [C, H, W] or [F], with as many values"
              .formatted(
                  Arrays.toString(from),
                  Arrays.toString(sizes),
                  Arrays.toString(order),
                  Arrays.toString(to)));
    }
    this.from = from.clone();
    this.sizes = sizes.clone();
    this.order = order.clone();
    this.to = to.clone();
  }

  private static long size(long[] shape) {
    return LongStream.of(shape).reduce(1, Math::multiplyExact);
  }

  /** Whether the input is a vector. */
  public boolean takesVectors() {
    return from.length == 1;
  }

  /** The sizes of the axes that are exchanged. */
  public long[] sizes() {
    return sizes.clone();
  }

  /** The axes in the order of the output. */
  public int[] order() {
    return order.clone();
  }

  /** [C, H, W] or [F] of the output. */
  public long[] to() {
    return to.clone();
  }

  @Override
  INDArray forward(INDArray input, long n) {
    return changed(input, n, sizes, order, to);
  }

  @Override
  INDArray backward(INDArray gradient, long n) {
    long[] permuted = new long[sizes.length];
    int[] inverse = new int[sizes.length];
    for (int i = 0; i < order.length; i++) {
      permuted[i] = sizes[order[i]];
      inverse[order[i]] = i;
    }
    return changed(gradient, n, permuted, inverse, from);
  }

  private static INDArray changed(INDArray x, long n, long[] as, int[] axes, long[] target) {
    int[] all = new int[axes.length + 1];
    for (int i = 0; i < axes.length; i++) {
      all[i + 1] = axes[i] + 1;
    }
    return x.dup('c').reshape('c', with(n, as)).permute(all).dup('c').reshape('c', with(n, target));
  }

  private static long[] with(long n, long[] shape) {
    return LongStream.concat(LongStream.of(n), LongStream.of(shape)).toArray();
  }

  @Override
  InputType output(InputType input) {
    boolean fits =
        input instanceof InputType.InputTypeConvolutional
            ? Arrays.equals(from, image(input))
            : from.length == 1 && input.arrayElementsPerExample() == from[0];
    if (!fits) {
      throw refusal(input);
    }
    return to.length == 1 ? InputType.feedForward(to[0]) : image(to);
  }

  @Override
  public String toString() {
    return "AxisRegrouping(%s as %s in the order %s to %s)"
        .formatted(
            Arrays.toString(from),
            Arrays.toString(sizes),
            Arrays.toString(order),
            Arrays.toString(to));
  }
}
