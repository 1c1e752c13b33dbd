package cnnlab.scratch.layer;

import java.util.Arrays;
import java.util.List;

/**
 * y = scale · x + offset with fixed numbers, one for all channels or one for each; Keras'
 * Rescaling. Any shape, unchanged.
 *
 * @param scale one factor, or one for each channel or feature
 * @param offset one offset, or one for each channel or feature
 */
public record ScaleShift(float[] scale, float[] offset) implements Layer {

  public ScaleShift {
    scale = scale.clone();
    offset = offset.clone();
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    for (float[] values : List.of(scale, offset)) {
      if (values.length != 1 && values.length != in.channels()) {
        throw new IllegalArgumentException(
            "ScaleShift has %d numbers, its input %s has %d channels: give one, or one for each channel"
                .formatted(values.length, in, in.channels()));
      }
    }
    return in;
  }

  @Override
  public void forward(LayerContext context) {
    run(context, context.input(), offset, context.output);
  }

  /** dx = scale · dy. */
  @Override
  public void backward(LayerContext context) {
    if (context.inputGradient() != null) {
      run(context, context.outputGradient, new float[1], context.inputGradient());
    }
  }

  private void run(LayerContext context, float[] x, float[] shift, float[] y) {
    if (scale.length == 1 && shift.length == 1) {
      int begin = context.begin(context.inShape());
      context.kernels.scaleShift(
          x, scale[0], shift[0], false, y, begin, context.end(context.inShape()));
      return;
    }
    int channels = context.inShape().channels();
    int run = context.inShape().plane() * context.kernels.lanes();
    for (int k = context.groups.from() * channels; k < context.groups.to() * channels; k++) {
      float a = scale[k % channels % scale.length];
      float b = shift[k % channels % shift.length];
      context.kernels.scaleShift(x, a, b, false, y, k * run, (k + 1) * run);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScaleShift a
        && Arrays.equals(a.scale, scale)
        && Arrays.equals(a.offset, offset);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(scale) + Arrays.hashCode(offset);
  }

  @Override
  public String toString() {
    return "ScaleShift[scale=%s, offset=%s]"
        .formatted(Arrays.toString(scale), Arrays.toString(offset));
  }
}
