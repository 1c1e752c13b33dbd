package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.ChannelShape;
import cnnlab.scratch.kernel.ConvolutionGeometry;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.WeightsAndBias;
import cnnlab.scratch.kernel.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Transposed convolution (Zeiler et al. 2010, "Deconvolutional networks"): each input pixel adds
 * its multiple of the kernel to the output, s rows and columns from the next one's.
 *
 * <pre>
 *   y[o, h, w] = b[o] + Σ_c Σ_u Σ_v w[c, o, u, v] · x[c, i, j]   over all i·s + u − p = h, j·s + v − p = w
 * </pre>
 *
 * <p>That is the gradient of a convolution with respect to its input, and computed as such. Input
 * [N, C, H, W], weights [C, O, KH, KW], output [N, O, (H − 1)·s + KH − 2p, (W − 1)·s + KW − 2p].
 *
 * @param inChannels C, at least 1
 * @param outChannels O, at least 1
 * @param window kernel size, stride and what is cut off: no padding or explicit padding p
 * @param bias whether there is a bias b
 */
public record TransposedConv2d(int inChannels, int outChannels, Window window, boolean bias)
    implements Layer {

  /**
   * @throws IllegalArgumentException when the padding depends on the size of the output, which
   *     would not be determined
   */
  public TransposedConv2d {
    if (window.padding() instanceof Padding.Same) {
      throw new IllegalArgumentException(
          "a transposed convolution takes no padding 'same'; crop its output instead");
    }
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return output(Layer.withChannels(this, inputs, inChannels));
  }

  private Shape output(Shape in) {
    int tall = (in.height() - 1) * window.strideHeight();
    int wide = (in.width() - 1) * window.strideWidth();
    tall += (window.kernelHeight() - 1) * window.dilationHeight() + 1;
    wide += (window.kernelWidth() - 1) * window.dilationWidth() + 1;
    if (window.padding() instanceof Padding.Explicit p) {
      tall -= p.top() + p.bottom();
      wide -= p.left() + p.right();
    }
    return new Shape(outChannels, tall, wide);
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> list = new ArrayList<>();
    list.add(
        Parameter.of("W", inChannels, outChannels, window.kernelHeight(), window.kernelWidth()));
    if (bias) {
      list.add(Parameter.of("b", outChannels));
    }
    return list;
  }

  /** The window of the convolution from the output to the input. */
  @Override
  public Window.Geometry geometry(Shape in) {
    Shape out = output(in);
    return window.on(out.height(), out.width());
  }

  @Override
  public ConvolutionGeometry convolution(Window.Geometry geometry) {
    return new ConvolutionGeometry(outChannels, inChannels, geometry);
  }

  @Override
  public void forward(LayerContext context) {
    float[] y = context.output;
    context.kernels.conv2dInputGradient(
        context.convolution,
        weights(context, context.parameters),
        context.input(),
        y,
        context.groups,
        context.scratchpad);
    int run = context.node.shape().plane() * context.kernels.lanes();
    int first = firstBias(context);
    for (int k = context.groups.from() * outChannels;
        bias && k < context.groups.to() * outChannels;
        k++) {
      float b = context.parameters[first + k % outChannels];
      context.kernels.scaleShift(y, 1, b, false, y, k * run, (k + 1) * run);
    }
  }

  @Override
  public void backward(LayerContext context) {
    float[] dy = context.outputGradient;
    context.kernels.conv2dWeightGradient(
        context.convolution,
        dy,
        context.input(),
        weights(context, context.parameterGradients),
        context.groups,
        context.scratchpad);
    if (bias) {
      context.kernels.addChannelSums(
          new ChannelShape(outChannels, context.node.shape().plane()),
          dy,
          context.parameterGradients,
          firstBias(context),
          context.groups,
          context.scratchpad);
    }
    if (context.inputGradient() != null) {
      context.kernels.conv2d(
          context.convolution,
          weights(context, context.parameters),
          false,
          dy,
          context.inputGradient(),
          context.groups,
          context.scratchpad);
    }
  }

  /** The weights (or their gradients) as those of the convolution from the output to the input. */
  private static WeightsAndBias weights(LayerContext context, float[] parameters) {
    return new WeightsAndBias(parameters, context.node.parameterOffset(), WeightsAndBias.NO_BIAS);
  }

  private int firstBias(LayerContext context) {
    return context.node.parameterOffset() + parameters().get(0).size();
  }
}
