package cnnlab.scratch.layer;

import cnnlab.scratch.layer.Activation.Kind;
import java.util.List;

/**
 * Applies an activation function to every value. Any shape, unchanged.
 *
 * @param activation the function
 */
public record Activate(Activation activation) implements Layer {

  @Override
  public String kind() {
    return activation.toString();
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Layer.single(this, inputs);
  }

  @Override
  public void forward(LayerContext pass) {
    int begin = pass.begin(pass.inShape());
    int end = pass.end(pass.inShape());
    switch (activation.kind()) {
      case LINEAR, RELU ->
          pass.kernels.scaleShift(
              pass.input(), 1, 0, activation.kind() == Kind.RELU, pass.output, begin, end);
      default -> {
        for (int i = begin; i < end; i++) {
          pass.output[i] = activation.apply(pass.input()[i]);
        }
      }
    }
  }

  /** dx = f′(x) · dy. */
  @Override
  public void backward(LayerContext pass) {
    float[] dx = pass.inputGradient();
    if (dx == null) {
      return;
    }
    int begin = pass.begin(pass.inShape());
    int end = pass.end(pass.inShape());
    switch (activation.kind()) {
      case LINEAR, RELU -> {
        System.arraycopy(pass.outputGradient, begin, dx, begin, end - begin);
        if (activation.kind() == Kind.RELU) {
          pass.kernels.reluGradient(pass.output, dx, begin, end);
        }
      }
      default -> {
        for (int i = begin; i < end; i++) {
          dx[i] = activation.derivative(pass.input()[i]) * pass.outputGradient[i];
        }
      }
    }
  }
}
