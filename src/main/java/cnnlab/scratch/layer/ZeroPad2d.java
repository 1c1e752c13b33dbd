package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.Padding;
import java.util.Arrays;
import java.util.List;

/**
 * Zeros around an image. Input [N, C, H, W], output [N, C, top + H + bottom, left + W + right].
 *
 * @param top rows of zeros above, at least 0
 * @param left columns of zeros at the left, at least 0
 * @param bottom rows of zeros below, at least 0
 * @param right columns of zeros at the right, at least 0
 */
public record ZeroPad2d(int top, int left, int bottom, int right) implements Layer {

  /**
   * @throws IllegalArgumentException when a number is negative
   */
  public ZeroPad2d {
    new Padding.Explicit(top, left, bottom, right);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    return new Shape(in.channels(), top + in.height() + bottom, left + in.width() + right);
  }

  @Override
  public void forward(LayerContext context) {
    Shape out = context.node.shape();
    Arrays.fill(context.output, context.begin(out), context.end(out), 0);
    forEachRow(
        context,
        (in, at, length) -> System.arraycopy(context.input(), in, context.output, at, length));
  }

  @Override
  public void backward(LayerContext context) {
    float[] dx = context.inputGradient();
    if (dx != null) {
      forEachRow(
          context,
          (in, at, length) -> System.arraycopy(context.outputGradient, at, dx, in, length));
    }
  }

  /** Receives the position of a row in the input and in the output, and its length. */
  private interface Row {
    void at(int in, int out, int length);
  }

  private void forEachRow(LayerContext context, Row row) {
    Shape in = context.inShape();
    Shape out = context.node.shape();
    int lanes = context.kernels.lanes();
    for (int plane = context.groups.from() * in.channels();
        plane < context.groups.to() * in.channels();
        plane++) {
      for (int i = 0; i < in.height(); i++) {
        int target = (plane * out.height() + top + i) * out.width() + left;
        row.at((plane * in.height() + i) * in.width() * lanes, target * lanes, in.width() * lanes);
      }
    }
  }
}
