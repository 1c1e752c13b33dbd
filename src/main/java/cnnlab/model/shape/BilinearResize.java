package cnnlab.model.shape;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Resizes images [N, C, H, W] by linear interpolation between the centres of pixels, as Keras'
 * UpSampling2D and Resizing do with {@code interpolation="bilinear"}: a product with one matrix for
 * the columns and one for the rows.
 */
public final class BilinearResize extends ShapeChange {
  private static final long serialVersionUID = 1;

  @JsonProperty private final long[] from;
  @JsonProperty private final long[] to;

  /**
   * @param from [H, W] of the input
   * @param to [H, W] of the output
   * @throws IllegalArgumentException when a side is less than 1
   */
  @JsonCreator
  public BilinearResize(@JsonProperty("from") long[] from, @JsonProperty("to") long[] to) {
    for (long[] sides : new long[][] {from, to}) {
      if (sides.length != 2 || sides[0] < 1 || sides[1] < 1) {
        throw new IllegalArgumentException("a resize needs two sides of at least 1");
      }
    }
    this.from = from.clone();
    this.to = to.clone();
  }

  /** [H, W] of the output. */
  public long[] to() {
    return to.clone();
  }

  /** The share of each of {@code size} pixels in each of {@code target}: [size, target]. */
  private static INDArray matrix(long size, long target) {
    float[][] shares = new float[(int) size][(int) target];
    for (int i = 0; i < target; i++) {
      double at = Math.min(Math.max((i + 0.5) * size / target - 0.5, 0), size - 1.0);
      int low = (int) Math.floor(at);
      double upper = at - low;
      shares[low][i] = (float) (1 - upper);
      if (upper > 0) {
        shares[low + 1][i] = (float) upper;
      }
    }
    return Nd4j.createFromArray(shares);
  }

  @Override
  INDArray forward(INDArray input, long n) {
    return multiply(input, matrix(from[0], to[0]), matrix(from[1], to[1]));
  }

  @Override
  INDArray backward(INDArray gradient, long n) {
    return multiply(
        gradient, matrix(from[0], to[0]).transpose(), matrix(from[1], to[1]).transpose());
  }

  /** Multiplies the columns, then the rows of [N, C, H, W]; null for neither. */
  static INDArray multiply(INDArray x, INDArray rows, INDArray columns) {
    return lastAxis(lastAxis(x, columns).permute(0, 1, 3, 2), rows).permute(0, 1, 3, 2);
  }

  private static INDArray lastAxis(INDArray x, INDArray matrix) {
    if (matrix == null) {
      return x;
    }
    long[] shape = x.shape();
    INDArray flat = x.dup('c').reshape('c', shape[0] * shape[1] * shape[2], shape[3]);
    return flat.mmul(matrix.castTo(x.dataType()))
        .dup('c')
        .reshape('c', shape[0], shape[1], shape[2], matrix.size(1));
  }

  @Override
  InputType output(InputType input) {
    long[] in = image(input);
    if (in[1] != from[0] || in[2] != from[1]) {
      throw refusal(input);
    }
    return image(new long[] {in[0], to[0], to[1]});
  }

  @Override
  public String toString() {
    return "BilinearResize(%s x %s to %s x %s)".formatted(from[0], from[1], to[0], to[1]);
  }
}
