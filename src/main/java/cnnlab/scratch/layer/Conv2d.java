package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.ConvolutionGeometry;
import cnnlab.scratch.kernel.WeightsAndBias;
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
 * where x is zero outside the image; with a dilation d, u and v are multiplied by d on the image.
 * Input [N, C, H, W], weights [O, C, KH, KW], output [N, O, OH, OW].
 *
 * @param inChannels C, at least 1
 * @param outChannels O, at least 1
 * @param window kernel size, stride and padding
 * @param bias whether there is a bias b
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
    context.kernels.conv2d(
        context.convolution,
        weights(context.node, context.parameters),
        relu,
        context.input(),
        context.output,
        context.groups,
        context.scratchpad);
  }

  @Override
  public void backward(LayerContext context) {
    float[] dy = context.gradientBeforeRelu(relu);
    context.kernels.conv2dWeightGradient(
        context.convolution,
        context.input(),
        dy,
        weights(context.node, context.parameterGradients),
        context.groups,
        context.scratchpad);
    if (context.inputGradient() != null) {
      context.kernels.conv2dInputGradient(
          context.convolution,
          weights(context.node, context.parameters),
          dy,
          context.inputGradient(),
          context.groups,
          context.scratchpad);
    }
  }

  /** This layer's weights and bias (or their gradients) among the network's. */
  public WeightsAndBias weights(Node node, float[] parameters) {
    int begin = node.parameterOffset();
    int count = outChannels * inChannels * window.kernelHeight() * window.kernelWidth();
    return new WeightsAndBias(parameters, begin, bias ? begin + count : WeightsAndBias.NO_BIAS);
  }

  @Override
  public ConvolutionGeometry convolution(Window.Geometry geometry) {
    return new ConvolutionGeometry(inChannels, outChannels, geometry);
  }
}
