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
  public void forward(LayerContext context) {
    int begin = context.begin(context.inShape());
    int end = context.end(context.inShape());
    switch (activation.kind()) {
      case LINEAR, RELU ->
          context.kernels.scaleShift(
              context.input(), 1, 0, activation.kind() == Kind.RELU, context.output, begin, end);
      default -> {
        for (int i = begin; i < end; i++) {
          context.output[i] = activation.apply(context.input()[i]);
        }
      }
    }
  }

  /** dx = f′(x) · dy. */
  @Override
  public void backward(LayerContext context) {
    float[] dx = context.inputGradient();
    if (dx == null) {
      return;
    }
    int begin = context.begin(context.inShape());
    int end = context.end(context.inShape());
    switch (activation.kind()) {
      case LINEAR, RELU -> {
        System.arraycopy(context.outputGradient, begin, dx, begin, end - begin);
        if (activation.kind() == Kind.RELU) {
          context.kernels.reluGradient(context.output, dx, begin, end);
        }
      }
      default -> {
        for (int i = begin; i < end; i++) {
          dx[i] = activation.derivative(context.input()[i]) * context.outputGradient[i];
        }
      }
    }
  }
}
