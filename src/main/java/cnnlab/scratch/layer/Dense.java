package cnnlab.scratch.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * A fully connected layer: y[o] = f( b[o] + Σ_i w[i, o] · x[i] ). Input [N, in], weights [in, out],
 * output [N, out].
 *
 * @param in number of input features, at least 1
 * @param out number of output features, at least 1
 * @param bias whether b is there
 * @param relu whether f is ReLU; f is the identity otherwise
 */
public record Dense(int in, int out, boolean bias, boolean relu) implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape shape = Layer.single(this, inputs);
    if (!shape.isVector() || shape.channels() != in) {
      throw new IllegalArgumentException(
          "Dense was made for %d features, its input is %s".formatted(in, shape));
    }
    return Shape.vector(out);
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> list = new ArrayList<>();
    list.add(Parameter.of("W", in, out));
    if (bias) {
      list.add(Parameter.of("b", out));
    }
    return list;
  }

  @Override
  public void forward(LayerContext context) {
    int weights = context.node.parameterOffset();
    context.kernels.dense(
        in,
        out,
        context.input(),
        context.parameters,
        weights,
        bias ? weights + in * out : -1,
        relu,
        context.output,
        context.from,
        context.to,
        context.scratchpad);
  }

  @Override
  public void backward(LayerContext context) {
    float[] dy = context.outputGradient;
    int weights = context.node.parameterOffset();
    if (relu) {
      int begin = context.begin(context.node.shape());
      context.kernels.reluGradient(context.output, dy, begin, context.end(context.node.shape()));
    }
    if (bias) {
      context.kernels.addChannelSums(
          out,
          1,
          dy,
          context.parameterGradients,
          weights + in * out,
          context.from,
          context.to,
          context.scratchpad);
    }
    if (context.inputGradient() != null) {
      context.kernels.denseInputGradient(
          in,
          out,
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
  public int weightRows() {
    return in;
  }

  @Override
  public void weightGradient(LayerContext context, int fromRow, int toRow) {
    context.kernels.denseWeightGradient(
        in,
        out,
        context.input(),
        context.outputGradient,
        context.parameterGradients,
        context.node.parameterOffset(),
        context.to,
        fromRow,
        toRow,
        context.scratchpad);
  }
}
