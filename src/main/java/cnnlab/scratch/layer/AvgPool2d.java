package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.Window;
import java.util.List;

/**
 * Mean over each window. Input [N, C, H, W], output [N, C, OH, OW].
 *
 * @param window window size, stride and padding
 * @param countPadding whether padded positions count in the divisor; in Keras, and by default in
 *     DL4J, they do not
 */
public record AvgPool2d(Window window, boolean countPadding) implements Layer {

  /**
   * @throws IllegalArgumentException when the window is dilated, or can lie entirely in the padding
   */
  public AvgPool2d {
    window.requireNoGaps("AvgPool2d");
    window.requirePaddingBelowKernel("AvgPool2d");
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    Window.Geometry g = window.on(in.height(), in.width());
    return new Shape(in.channels(), g.outHeight(), g.outWidth());
  }

  @Override
  public void forward(LayerContext context) {
    context.kernels.avgPool2d(
        context.inShape().channels(),
        context.geometry,
        countPadding,
        context.input(),
        context.output,
        context.groups);
  }

  @Override
  public void backward(LayerContext context) {
    if (context.inputGradient() != null) {
      context.kernels.avgPool2dGradient(
          context.inShape().channels(),
          context.geometry,
          countPadding,
          context.outputGradient,
          context.inputGradient(),
          context.groups);
    }
  }
}
