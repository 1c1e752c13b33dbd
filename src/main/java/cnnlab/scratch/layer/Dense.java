package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.ChannelShape;
import cnnlab.scratch.kernel.DenseShape;
import cnnlab.scratch.kernel.Range;
import cnnlab.scratch.kernel.Scratchpad;
import cnnlab.scratch.kernel.WeightsAndBias;
import java.util.ArrayList;
import java.util.List;

/**
 * A fully connected layer: y[o] = f( b[o] + Σ_i w[i, o] · x[i] ). Input [N, in], weights [in, out],
 * output [N, out].
 *
 * @param in number of input features, at least 1
 * @param out number of output features, at least 1
 * @param bias whether there is a bias b
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
    context.kernels.dense(
        new DenseShape(in, out),
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
    if (bias) {
      WeightsAndBias gradients = weights(context.node, context.parameterGradients);
      context.kernels.addChannelSums(
          new ChannelShape(out, 1),
          dy,
          gradients.values(),
          gradients.bias(),
          context.groups,
          context.scratchpad);
    }
    if (context.inputGradient() != null) {
      context.kernels.denseInputGradient(
          new DenseShape(in, out),
          weights(context.node, context.parameters),
          dy,
          context.inputGradient(),
          context.groups,
          context.scratchpad);
    }
  }

  private WeightsAndBias weights(Node node, float[] parameters) {
    int begin = node.parameterOffset();
    return new WeightsAndBias(parameters, begin, bias ? begin + in * out : WeightsAndBias.NO_BIAS);
  }

  @Override
  public int weightRows() {
    return in;
  }

  @Override
  public void weightGradient(LayerContext context, Range rows, Scratchpad pad) {
    context.kernels.denseWeightGradient(
        new DenseShape(in, out),
        context.input(),
        context.outputGradient,
        weights(context.node, context.parameterGradients),
        context.groups.to(),
        rows,
        pad);
  }
}
