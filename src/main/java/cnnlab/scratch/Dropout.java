package cnnlab.scratch;

import java.util.List;

/**
 * Inverted dropout (Srivastava et al. 2014): in training each value is kept with probability {@code
 * retain} and divided by it, or becomes zero; at inference the layer is the identity. Any shape,
 * unchanged.
 *
 * @param retain the probability to keep a value, in (0, 1]; Keras' argument is 1 − retain
 */
public record Dropout(double retain) implements Layer {

  /**
   * @throws IllegalArgumentException when {@code retain} is not in (0, 1]
   */
  public Dropout {
    if (!(retain > 0 && retain <= 1)) {
      throw new IllegalArgumentException(
          "dropout's probability to retain is %s, it must be in (0, 1]".formatted(retain));
    }
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Layer.single(this, inputs);
  }

  @Override
  public void forward(Pass pass) {
    int begin = pass.begin(pass.inShape());
    System.arraycopy(pass.input(), begin, pass.output, begin, pass.end(pass.inShape()) - begin);
  }
}
