package cnnlab.scratch.layer;

import java.util.List;

/**
 * A layer that multiplies every value by a random factor of mean 1 in training and is the identity
 * at inference. Any shape, unchanged.
 */
sealed interface RandomFactors extends Layer permits Dropout, GaussianDropout, SpatialDropout {

  /**
   * The factor of one value.
   *
   * @param shape of one image
   * @param image which image of the batch
   * @param i position in the image, channels first
   */
  double factor(RandomStream random, Shape shape, long image, int i);

  @Override
  default Shape outputShape(List<Shape> inputs) {
    return Layer.single(this, inputs);
  }

  @Override
  default Object newMemory(Shape in, int groups, int lanes) {
    return new float[groups * in.size() * lanes];
  }

  @Override
  default void forward(LayerContext pass) {
    int begin = pass.begin(pass.inShape());
    int end = pass.end(pass.inShape());
    if (!pass.training) {
      System.arraycopy(pass.input(), begin, pass.output, begin, end - begin);
      return;
    }
    float[] factors = (float[]) pass.memory;
    draw(pass, factors);
    for (int i = begin; i < end; i++) {
      pass.output[i] = pass.input()[i] * factors[i];
    }
  }

  @Override
  default void backward(LayerContext pass) {
    float[] factors = (float[]) pass.memory;
    if (pass.inputGradient() != null) {
      for (int i = pass.begin(pass.inShape()); i < pass.end(pass.inShape()); i++) {
        pass.inputGradient()[i] = pass.outputGradient[i] * factors[i];
      }
    }
  }

  private void draw(LayerContext pass, float[] factors) {
    RandomStream random = new RandomStream(pass);
    Shape shape = pass.inShape();
    int lanes = pass.kernels.lanes();
    for (int g = pass.from; g < pass.to; g++) {
      for (int i = 0; i < shape.size(); i++) {
        for (int l = 0; l < lanes; l++) {
          factors[(g * shape.size() + i) * lanes + l] =
              (float) factor(random, shape, g * lanes + l, i);
        }
      }
    }
  }
}
