package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.ConvolutionGeometry;
import cnnlab.scratch.kernel.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Two-dimensional convolution, which in this field means cross-correlation. For output channel o at
 * (i, j), equation (1) of the report, with stride s and padding p:
 *
 * <pre>
 *   y[o, i, j] = f( b[o] + Σ_c Σ_u Σ_v w[o, c, u, v] · x[c, i·s + u − p, j·s + v − p] )
 * </pre>
 *
 * where x is zero outside the image; with a dilation d, u and v count in steps of d on the image.
 * Input [N, C, H, W], weights [O, C, KH, KW], output [N, O, OH, OW].
 *
 * @param inChannels C, at least 1
 * @param outChannels O, at least 1
 * @param window kernel size, stride and padding
 * @param bias whether b is there
 * @param relu whether f is ReLU; f is the identity otherwise
 */
public record Conv2d(int inChannels, int outChannels, Window window, boolean bias, boolean relu)
    implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.withChannels(this, inputs, inChannels);
    Window.Geometry g = window.on(in.height(), in.width());
    return new Shape(outChannels, g.outHeight(), g.outWidth());
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> list = new ArrayList<>();
    list.add(
        Parameter.of("W", outChannels, inChannels, window.kernelHeight(), window.kernelWidth()));
    if (bias) {
      list.add(Parameter.of("b", outChannels));
    }
    return list;
  }

  @Override
  public void forward(LayerContext context) {
    int weights = context.node.parameterOffset();
    context.kernels.conv2d(
        context.convolution,
        context.input(),
        context.parameters,
        weights,
        bias ? weights + weightCount() : -1,
        relu,
        context.output,
        context.from,
        context.to,
        context.scratchpad);
  }

  @Override
  public void backward(LayerContext context) {
    float[] dy = context.outputGradient;
    if (relu) {
      int begin = context.begin(context.node.shape());
      context.kernels.reluGradient(context.output, dy, begin, context.end(context.node.shape()));
    }
    int weights = context.node.parameterOffset();
    context.kernels.conv2dWeightGradient(
        context.convolution,
        context.input(),
        dy,
        context.parameterGradients,
        weights,
        bias ? weights + weightCount() : -1,
        context.from,
        context.to,
        context.scratchpad);
    if (context.inputGradient() != null) {
      context.kernels.conv2dInputGradient(
          context.convolution,
          dy,
          context.parameters,
          weights,
          context.inputGradient(),
          context.from,
          context.to,
          context.scratchpad);
    }
  }

  @Override
  public ConvolutionGeometry convolution(Window.Geometry geometry) {
    return new ConvolutionGeometry(inChannels, outChannels, geometry);
  }

  private int weightCount() {
    return outChannels * inChannels * window.kernelHeight() * window.kernelWidth();
  }
}
