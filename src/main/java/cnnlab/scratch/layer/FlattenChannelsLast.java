package cnnlab.scratch.layer;

import java.util.List;

/**
 * Reads [N, C, H, W] as [N, H·W·C], the channels of a pixel side by side, as Keras does: y[(i·W +
 * j)·C + c] = x[c, i, j]. Unlike {@link Flatten}, it copies.
 */
public record FlattenChannelsLast() implements Layer {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Shape.vector(Layer.single(this, inputs).size());
  }

  @Override
  public void forward(LayerContext context) {
    forEachValue(
        context,
        (in, out, lanes) -> System.arraycopy(context.input(), in, context.output, out, lanes));
  }

  @Override
  public void backward(LayerContext context) {
    float[] dx = context.inputGradient();
    if (dx != null) {
      forEachValue(
          context,
          (in, out, lanes) -> System.arraycopy(context.outputGradient, out, dx, in, lanes));
    }
  }

  /** Receives the position of a value's first lane in the input and in the output. */
  private interface Value {
    void at(int in, int out, int lanes);
  }

  private static void forEachValue(LayerContext context, Value value) {
    Shape in = context.inShape();
    int lanes = context.kernels.lanes();
    for (int g = context.groups.from(); g < context.groups.to(); g++) {
      int begin = g * in.size();
      for (int p = 0; p < in.plane(); p++) {
        for (int c = 0; c < in.channels(); c++) {
          int from = begin + c * in.plane() + p;
          int to = begin + p * in.channels() + c;
          value.at(from * lanes, to * lanes, lanes);
        }
      }
    }
  }
}
