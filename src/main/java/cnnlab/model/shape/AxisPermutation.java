package cnnlab.model.shape;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Exchanges the axes of images [N, C, H, W], as the Permute layer of Keras does. */
public final class AxisPermutation extends ShapeChange {
  private static final long serialVersionUID = 1;

  @JsonProperty private final int[] axes;

  /**
   * @param axes the input's axes that become C, H and W of the output: 0 for C, 1 for H, 2 for W
   * @throws IllegalArgumentException when they are not 0, 1 and 2 in some order
   */
  @JsonCreator
  public AxisPermutation(@JsonProperty("axes") int[] axes) {
    int[] sorted = axes.clone();
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, new int[] {0, 1, 2})) {
      throw new IllegalArgumentException(
          "axes %s found, expected 0, 1 and 2 in some order".formatted(Arrays.toString(axes)));
    }
    this.axes = axes.clone();
  }

  /** The input's axes that become C, H and W of the output. */
  public int[] axes() {
    return axes.clone();
  }

  @Override
  INDArray forward(INDArray input, long n) {
    return input.permute(0, axes[0] + 1, axes[1] + 1, axes[2] + 1);
  }

  @Override
  INDArray backward(INDArray gradient, long n) {
    int[] inverse = new int[4];
    for (int axis = 0; axis < 3; axis++) {
      inverse[axes[axis] + 1] = axis + 1;
    }
    return gradient.permute(inverse);
  }

  @Override
  InputType output(InputType input) {
    long[] in = image(input);
    return image(new long[] {in[axes[0]], in[axes[1]], in[axes[2]]});
  }

  @Override
  public String toString() {
    return "AxisPermutation(%s)".formatted(Arrays.toString(axes));
  }
}
