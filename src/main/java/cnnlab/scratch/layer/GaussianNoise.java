package cnnlab.scratch.layer;

import java.util.List;

/**
 * Adds normal random numbers of mean 0 in training; at inference the layer is the identity. Any
 * shape, unchanged.
 *
 * @param deviation the standard deviation, at least 0
 */
public record GaussianNoise(double deviation) implements Layer {

  /**
   * @throws IllegalArgumentException when {@code deviation} is negative
   */
  public GaussianNoise {
    if (!(deviation >= 0)) {
      throw new IllegalArgumentException(
          "Gaussian noise's standard deviation is %s, it must be 0 or more".formatted(deviation));
    }
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Layer.single(this, inputs);
  }

  @Override
  public void forward(LayerContext pass) {
    int begin = pass.begin(pass.inShape());
    System.arraycopy(pass.input(), begin, pass.output, begin, pass.end(pass.inShape()) - begin);
    if (pass.training) {
      addNoise(pass);
    }
  }

  private void addNoise(LayerContext pass) {
    RandomStream random = new RandomStream(pass);
    int size = pass.inShape().size();
    int lanes = pass.kernels.lanes();
    for (int g = pass.from; g < pass.to; g++) {
      for (int i = 0; i < size; i++) {
        for (int l = 0; l < lanes; l++) {
          long counter = (long) (g * lanes + l) * size + i + 1;
          pass.output[(g * size + i) * lanes + l] += (float) (deviation * random.normal(counter));
        }
      }
    }
  }

  /** The gradient goes through unchanged. */
  @Override
  public void backward(LayerContext pass) {
    if (pass.inputGradient() != null) {
      int begin = pass.begin(pass.inShape());
      int length = pass.end(pass.inShape()) - begin;
      System.arraycopy(pass.outputGradient, begin, pass.inputGradient(), begin, length);
    }
  }
}
