package cnnlab.model.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Repeats images along their axes of size 1, as NumPy and Keras do before they combine tensors of
 * different shapes (broadcasting). Input [N, C, H, W], where each of C, H and W is that of the
 * output or 1.
 */
public final class Repetition extends ShapeChange {
  private static final long serialVersionUID = 1;

  @JsonProperty private final long[] from;
  @JsonProperty private final long[] to;

  /**
   * @param from [C, H, W] of the input
   * @param to [C, H, W] of the output
   * @throws IllegalArgumentException when an axis would have to be repeated that is not of size 1
   */
  @JsonCreator
  public Repetition(@JsonProperty("from") long[] from, @JsonProperty("to") long[] to) {
    boolean fits = from.length == 3 && to.length == 3;
    for (int axis = 0; fits && axis < 3; axis++) {
      fits = from[axis] == to[axis] || from[axis] == 1;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "%s cannot be repeated to %s".formatted(Arrays.toString(from), Arrays.toString(to)));
    }
    this.from = from.clone();
    this.to = to.clone();
  }

  /** [C, H, W] of the output. */
  public long[] to() {
    return to.clone();
  }

  @Override
  INDArray forward(INDArray input, long n) {
    return input.broadcast(n, to[0], to[1], to[2]);
  }

  @Override
  INDArray backward(INDArray gradient, long n) {
    List<Integer> repeated = new ArrayList<>();
    for (int axis = 0; axis < 3; axis++) {
      if (from[axis] != to[axis]) {
        repeated.add(axis + 1);
      }
    }
    return repeated.isEmpty()
        ? gradient
        : gradient.sum(true, repeated.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  InputType output(InputType input) {
    if (!Arrays.equals(image(input), from)) {
      throw refusal(input);
    }
    return image(to);
  }

  @Override
  public String toString() {
    return "Repetition(%s to %s)".formatted(Arrays.toString(from), Arrays.toString(to));
  }
}
