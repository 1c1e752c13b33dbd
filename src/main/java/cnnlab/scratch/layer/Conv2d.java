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
  public void forward(LayerContext pass) {
    int weights = pass.node.parameterOffset();
    pass.kernels.conv2d(
        pass.convolution,
        pass.input(),
        pass.parameters,
        weights,
        bias ? weights + weightCount() : -1,
        relu,
        pass.output,
        pass.from,
        pass.to,
        pass.scratchpad);
  }

  @Override
  public void backward(LayerContext pass) {
    float[] dy = pass.outputGradient;
    if (relu) {
      int begin = pass.begin(pass.node.shape());
      pass.kernels.reluGradient(pass.output, dy, begin, pass.end(pass.node.shape()));
    }
    int weights = pass.node.parameterOffset();
    pass.kernels.conv2dWeightGradient(
        pass.convolution,
        pass.input(),
        dy,
        pass.parameterGradients,
        weights,
        bias ? weights + weightCount() : -1,
        pass.from,
        pass.to,
        pass.scratchpad);
    if (pass.inputGradient() != null) {
      pass.kernels.conv2dInputGradient(
          pass.convolution,
          dy,
          pass.parameters,
          weights,
          pass.inputGradient(),
          pass.from,
          pass.to,
          pass.scratchpad);
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
