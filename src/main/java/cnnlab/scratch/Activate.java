package cnnlab.scratch;

import java.util.List;

/**
 * Applies an activation function to every value. Any shape, unchanged.
 *
 * @param activation the function
 */
public record Activate(Activation activation) implements Layer {

  @Override
  public String kind() {
    return activation.toString();
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Layer.single(this, inputs);
  }

  @Override
  public void forward(Pass pass) {
    for (int i = pass.begin(pass.inShape()); i < pass.end(pass.inShape()); i++) {
      pass.output[i] = activation.apply(pass.input()[i]);
    }
  }
}
