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

  /** The identity. */
  @Override
  public Layer atInference(float[] parameters, int offset) {
    return new Activate(Activation.LINEAR);
  }

  @Override
  public void forward(LayerContext context) {
    int begin = context.begin(context.inShape());
    System.arraycopy(
        context.input(), begin, context.output, begin, context.end(context.inShape()) - begin);
    if (context.training) {
      addNoise(context);
    }
  }

  private void addNoise(LayerContext context) {
    RandomStream random = new RandomStream(context);
    int size = context.inShape().size();
    int lanes = context.kernels.lanes();
    for (int g = context.groups.from(); g < context.groups.to(); g++) {
      for (int i = 0; i < size; i++) {
        for (int l = 0; l < lanes; l++) {
          long counter = (long) (g * lanes + l) * size + i + 1;
          context.output[(g * size + i) * lanes + l] +=
              (float) (deviation * random.normal(counter));
        }
      }
    }
  }

  /** The gradient goes through unchanged. */
  @Override
  public void backward(LayerContext context) {
    if (context.inputGradient() != null) {
      int begin = context.begin(context.inShape());
      int length = context.end(context.inShape()) - begin;
      System.arraycopy(context.outputGradient, begin, context.inputGradient(), begin, length);
    }
  }
}
