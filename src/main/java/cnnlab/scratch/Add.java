package cnnlab.scratch;

import java.util.List;

/** Element-wise sum of two or more inputs of one shape, as in a residual block (He et al. 2016). */
public record Add() implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape first = inputs.isEmpty() ? null : inputs.get(0);
    if (inputs.size() < 2 || !inputs.stream().allMatch(first::equals)) {
      throw new IllegalArgumentException(
          "Add takes two or more inputs of one shape, not %s".formatted(inputs));
    }
    return first;
  }

  @Override
  public void forward(Pass pass) {
    int begin = pass.begin(pass.inShape());
    int end = pass.end(pass.inShape());
    System.arraycopy(pass.input(), begin, pass.output, begin, end - begin);
    for (int k = 1; k < pass.inputs.length; k++) {
      float[] x = pass.inputs[k];
      for (int i = begin; i < end; i++) {
        pass.output[i] += x[i];
      }
    }
  }

  /** The gradient of a sum goes to each of its terms unchanged. */
  @Override
  public void backward(Pass pass) {
    int begin = pass.begin(pass.inShape());
    int length = pass.end(pass.inShape()) - begin;
    for (float[] dx : pass.inputGradients) {
      if (dx != null) {
        System.arraycopy(pass.outputGradient, begin, dx, begin, length);
      }
    }
  }
}
