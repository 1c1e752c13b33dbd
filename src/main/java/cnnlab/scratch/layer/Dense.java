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
  public void forward(LayerContext pass) {
    int weights = pass.node.parameterOffset();
    pass.kernels.dense(
        in,
        out,
        pass.input(),
        pass.parameters,
        weights,
        bias ? weights + in * out : -1,
        relu,
        pass.output,
        pass.from,
        pass.to,
        pass.scratchpad);
  }

  @Override
  public void backward(LayerContext pass) {
    float[] dy = pass.outputGradient;
    int weights = pass.node.parameterOffset();
    if (relu) {
      int begin = pass.begin(pass.node.shape());
      pass.kernels.reluGradient(pass.output, dy, begin, pass.end(pass.node.shape()));
    }
    if (bias) {
      pass.kernels.addChannelSums(
          out,
          1,
          dy,
          pass.parameterGradients,
          weights + in * out,
          pass.from,
          pass.to,
          pass.scratchpad);
    }
    if (pass.inputGradient() != null) {
      pass.kernels.denseInputGradient(
          in,
          out,
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
  public int weightRows() {
    return in;
  }

  @Override
  public void weightGradient(LayerContext pass, int fromRow, int toRow) {
    pass.kernels.denseWeightGradient(
        in,
        out,
        pass.input(),
        pass.outputGradient,
        pass.parameterGradients,
        pass.node.parameterOffset(),
        pass.to,
        fromRow,
        toRow,
        pass.scratchpad);
  }
}
