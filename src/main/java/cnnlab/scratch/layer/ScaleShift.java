package cnnlab.scratch.layer;

import java.util.Arrays;
import java.util.List;

/**
 * y = scale · x + offset with fixed numbers, one for all or one for each channel; Keras' Rescaling.
 * Any shape, unchanged.
 *
 * @param scale one factor, or one for each channel or feature
 * @param offset one number to be added, or one for each channel or feature
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
            "Affine has %d numbers, its input %s has %d channels: give one, or one for each channel"
                .formatted(values.length, in, in.channels()));
      }
    }
    return in;
  }

  @Override
  public void forward(LayerContext pass) {
    run(pass, pass.input(), offset, pass.output);
  }

  /** dx = scale · dy. */
  @Override
  public void backward(LayerContext pass) {
    if (pass.inputGradient() != null) {
      run(pass, pass.outputGradient, new float[1], pass.inputGradient());
    }
  }

  private void run(LayerContext pass, float[] x, float[] shift, float[] y) {
    if (scale.length == 1 && shift.length == 1) {
      int begin = pass.begin(pass.inShape());
      pass.kernels.scaleShift(x, scale[0], shift[0], false, y, begin, pass.end(pass.inShape()));
      return;
    }
    int channels = pass.inShape().channels();
    int run = pass.inShape().plane() * pass.kernels.lanes();
    for (int k = pass.from * channels; k < pass.to * channels; k++) {
      float a = scale[k % channels % scale.length];
      float b = shift[k % channels % shift.length];
      pass.kernels.scaleShift(x, a, b, false, y, k * run, (k + 1) * run);
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
    return "Affine[scale=%s, offset=%s]".formatted(Arrays.toString(scale), Arrays.toString(offset));
  }
}
