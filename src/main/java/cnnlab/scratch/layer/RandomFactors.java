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
  default Object newState(Shape in, int groups, int lanes) {
    return new float[groups * in.size() * lanes];
  }

  /** The identity. */
  @Override
  default Layer atInference(float[] parameters, int offset) {
    return new Activate(Activation.LINEAR);
  }

  @Override
  default void forward(LayerContext context) {
    int begin = context.begin(context.inShape());
    int end = context.end(context.inShape());
    if (!context.training) {
      System.arraycopy(context.input(), begin, context.output, begin, end - begin);
      return;
    }
    float[] factors = (float[]) context.savedForBackward;
    draw(context, factors);
    for (int i = begin; i < end; i++) {
      context.output[i] = context.input()[i] * factors[i];
    }
  }

  @Override
  default void backward(LayerContext context) {
    float[] factors = (float[]) context.savedForBackward;
    if (context.inputGradient() != null) {
      for (int i = context.begin(context.inShape()); i < context.end(context.inShape()); i++) {
        context.inputGradient()[i] = context.outputGradient[i] * factors[i];
      }
    }
  }

  private void draw(LayerContext context, float[] factors) {
    RandomStream random = new RandomStream(context);
    Shape shape = context.inShape();
    int lanes = context.kernels.lanes();
    for (int g = context.groups.from(); g < context.groups.to(); g++) {
      for (int i = 0; i < shape.size(); i++) {
        for (int l = 0; l < lanes; l++) {
          factors[(g * shape.size() + i) * lanes + l] =
              (float) factor(random, shape, g * lanes + l, i);
        }
      }
    }
  }
}
