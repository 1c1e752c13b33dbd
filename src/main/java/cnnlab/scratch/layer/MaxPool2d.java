package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.Window;
import java.util.List;

/**
 * Maximum over each window: y[c, i, j] = max over u, v of x[c, i·s + u − p, j·s + v − p]. Padding
 * is ignored. The gradient goes to the maximum; if several values are equal, to the first, row by
 * row. Input [N, C, H, W], output [N, C, OH, OW].
 *
 * @param window window size, stride and padding
 */
public record MaxPool2d(Window window) implements Layer {

  /**
   * @throws IllegalArgumentException when the window is dilated, or can lie entirely in the padding
   */
  public MaxPool2d {
    window.requireNoGaps("MaxPool2d");
    window.requirePaddingBelowKernel("MaxPool2d");
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    Window.Geometry g = window.on(in.height(), in.width());
    return new Shape(in.channels(), g.outHeight(), g.outWidth());
  }

  @Override
  public void forward(LayerContext context) {
    context.kernels.maxPool2d(
        context.inShape().channels(),
        context.geometry,
        context.input(),
        context.output,
        context.groups);
  }

  @Override
  public void backward(LayerContext context) {
    if (context.inputGradient() != null) {
      context.kernels.maxPool2dGradient(
          context.inShape().channels(),
          context.geometry,
          context.input(),
          context.output,
          context.outputGradient,
          context.inputGradient(),
          context.groups);
    }
  }
}
