package cnnlab.scratch.layer;

import java.util.List;

/**
 * Repeats an input along each axis of size 1, as NumPy and Keras do before adding or multiplying
 * tensors of different shapes: [N, C, 1, 1] becomes [N, C, H, W], and [N, 1, H, W] does, too.
 *
 * @param shape of the output
 */
public record Broadcast(Shape shape) implements Rearrangement {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    if (!(fits(in.channels(), shape.channels())
        && fits(in.height(), shape.height())
        && fits(in.width(), shape.width()))) {
      throw new IllegalArgumentException("%s cannot be broadcast to %s".formatted(in, shape));
    }
    return shape;
  }

  private static boolean fits(int size, int target) {
    return size == target || size == 1;
  }

  @Override
  public int source(Shape in, Shape out, int position) {
    int c = in.channels() == 1 ? 0 : position / out.plane();
    int i = in.height() == 1 ? 0 : position % out.plane() / out.width();
    int j = in.width() == 1 ? 0 : position % out.width();
    return (c * in.height() + i) * in.width() + j;
  }
}
