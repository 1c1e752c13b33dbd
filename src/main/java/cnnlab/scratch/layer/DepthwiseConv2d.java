package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.ConvolutionGeometry;
import cnnlab.scratch.kernel.Range;
import cnnlab.scratch.kernel.WeightsAndBias;
import cnnlab.scratch.kernel.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Depthwise convolution: each channel c is convolved on its own, with M kernels. For output channel
 * o = c·M + m at (i, j), with stride s and padding p:
 *
 * <pre>
 *   y[o, i, j] = f( b[o] + Σ_u Σ_v w[o, u, v] · x[c, i·s + u − p, j·s + v − p] )
 * </pre>
 *
 * Input [N, C, H, W], weights [C·M, 1, KH, KW] (Keras and DL4J store [KH, KW, C, M]), output [N,
 * C·M, OH, OW]. It is computed as the convolution of [N·C, 1, H, W] to [N·C, M, OH, OW], channel by
 * channel.
 *
 * @param channels C, at least 1
 * @param multiplier M, at least 1
 * @param window kernel size, stride and padding
 * @param bias whether there is a bias b
 * @param relu whether f is ReLU; f is the identity otherwise
 */
public record DepthwiseConv2d(
    int channels, int multiplier, Window window, boolean bias, boolean relu) implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.withChannels(this, inputs, channels);
    Window.Geometry g = window.on(in.height(), in.width());
    return new Shape(channels * multiplier, g.outHeight(), g.outWidth());
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> list = new ArrayList<>();
    list.add(
        Parameter.of("W", channels * multiplier, 1, window.kernelHeight(), window.kernelWidth()));
    if (bias) {
      list.add(Parameter.of("b", channels * multiplier));
    }
    return list;
  }

  @Override
  public ConvolutionGeometry convolution(Window.Geometry geometry) {
    return new ConvolutionGeometry(1, multiplier, geometry);
  }

  @Override
  public void forward(LayerContext context) {
    for (int plane = first(context); plane < end(context); plane++) {
      context.kernels.conv2d(
          context.convolution,
          weights(context.node, plane, context.parameters),
          relu,
          context.input(),
          context.output,
          new Range(plane, plane + 1),
          context.scratchpad);
    }
  }

  @Override
  public void backward(LayerContext context) {
    float[] dy = context.gradientBeforeRelu(relu);
    for (int plane = first(context); plane < end(context); plane++) {
      Range range = new Range(plane, plane + 1);
      context.kernels.conv2dWeightGradient(
          context.convolution,
          context.input(),
          dy,
          weights(context.node, plane, context.parameterGradients),
          range,
          context.scratchpad);
      if (context.inputGradient() != null) {
        context.kernels.conv2dInputGradient(
            context.convolution,
            weights(context.node, plane, context.parameters),
            dy,
            context.inputGradient(),
            range,
            context.scratchpad);
      }
    }
  }

  /** The first plane: channel 0 of the first group. */
  private int first(LayerContext context) {
    return context.groups.from() * channels;
  }

  private int end(LayerContext context) {
    return context.groups.to() * channels;
  }

  /** The kernels of a plane's channel (or their gradients) among the network's parameters. */
  private WeightsAndBias weights(Node node, int plane, float[] parameters) {
    int kernel = window.kernelHeight() * window.kernelWidth();
    int first = plane % channels * multiplier;
    int biases = node.parameterOffset() + channels * multiplier * kernel;
    return new WeightsAndBias(
        parameters,
        node.parameterOffset() + first * kernel,
        bias ? biases + first : WeightsAndBias.NO_BIAS);
  }
}
