package cnnlab.scratch.layer;

import java.util.List;

/**
 * ReLU with a trained slope on the negative side (He et al. 2015): y = x for x &gt; 0, a · x
 * otherwise. Any shape, unchanged.
 *
 * @param slopes the shape [C, H, W] of a; where a dimension is 1, its slopes are shared along it
 */
public record PRelu(Shape slopes) implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    if (!fits(slopes.channels(), in.channels())
        || !fits(slopes.height(), in.height())
        || !fits(slopes.width(), in.width())) {
      throw new IllegalArgumentException(
          "PRelu has slopes %s, its input is %s: each dimension must be the input's, or 1 to be shared"
              .formatted(slopes, in));
    }
    return in;
  }

  private static boolean fits(int slopes, int in) {
    return slopes == 1 || slopes == in;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(Parameter.of("W", slopes.channels(), slopes.height(), slopes.width()));
  }

  @Override
  public void forward(LayerContext context) {
    forEachValue(
        context,
        (at, slope) -> {
          float x = context.input()[at];
          context.output[at] = x > 0 ? x : context.parameters[slope] * x;
        });
  }

  /** dx = dy for x &gt; 0, a · dy otherwise; da = Σ min(x, 0) · dy over all values that share a. */
  @Override
  public void backward(LayerContext context) {
    float[] dx = context.inputGradient();
    forEachValue(
        context,
        (at, slope) -> {
          float x = context.input()[at];
          float dy = context.outputGradient[at];
          context.parameterGradients[slope] += Math.min(x, 0) * dy;
          if (dx != null) {
            dx[at] = x > 0 ? dy : context.parameters[slope] * dy;
          }
        });
  }

  /** Receives the position of a value and that of its slope among the parameters. */
  private interface Value {
    void at(int position, int slope);
  }

  private void forEachValue(LayerContext context, Value value) {
    Shape in = context.inShape();
    int lanes = context.kernels.lanes();
    for (int g = context.groups.from(); g < context.groups.to(); g++) {
      for (int i = 0; i < in.size(); i++) {
        int c = slopes.channels() == 1 ? 0 : i / in.plane();
        int row = slopes.height() == 1 ? 0 : i % in.plane() / in.width();
        int column = slopes.width() == 1 ? 0 : i % in.width();
        int slope =
            context.node.parameterOffset() + (c * slopes.height() + row) * slopes.width() + column;
        for (int l = 0; l < lanes; l++) {
          value.at((g * in.size() + i) * lanes + l, slope);
        }
      }
    }
  }
}
