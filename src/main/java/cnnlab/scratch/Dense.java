package cnnlab.scratch;

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
  public void forward(Pass pass) {
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
        pass.to);
  }
}
