package cnnlab.scratch.layer;

import java.util.Arrays;

/** A layer that computes nothing: each value of its output is a copy of one of its input. */
public sealed interface Rearrangement extends Layer
    permits Upsample2d, Reshape, Regroup, Broadcast, Crop2d, Permute, ChannelSlice {

  /**
   * Where an output value comes from.
   *
   * @param in shape of the input
   * @param out shape of the output
   * @param position of a value in the output [C, H, W]
   * @return its position in the input [C, H, W]
   */
  int source(Shape in, Shape out, int position);

  @Override
  default void forward(LayerContext context) {
    forEachValue(
        context, (x, y, lanes) -> System.arraycopy(context.input(), x, context.output, y, lanes));
  }

  /** dx = the sum of dy over the copies of x. */
  @Override
  default void backward(LayerContext context) {
    float[] dx = context.inputGradient();
    if (dx != null) {
      Arrays.fill(dx, context.begin(context.inShape()), context.end(context.inShape()), 0);
      forEachValue(
          context,
          (x, y, lanes) -> {
            for (int l = 0; l < lanes; l++) {
              dx[x + l] += context.outputGradient[y + l];
            }
          });
    }
  }

  /** Receives the first lane of an input value, and that of a copy of it in the output. */
  interface Value {
    void at(int x, int y, int lanes);
  }

  private void forEachValue(LayerContext context, Value value) {
    Shape in = context.inShape();
    Shape out = context.node.shape();
    int lanes = context.kernels.lanes();
    for (int position = 0; position < out.size(); position++) {
      int source = source(in, out, position);
      for (int g = context.groups.from(); g < context.groups.to(); g++) {
        value.at((g * in.size() + source) * lanes, (g * out.size() + position) * lanes, lanes);
      }
    }
  }
}
