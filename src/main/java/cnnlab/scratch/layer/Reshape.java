package cnnlab.scratch.layer;

import java.util.List;

/**
 * Another shape for the same values in the same order, where that order is Keras' one: the channels
 * of a pixel side by side. Value (i·W + j)·C + c of [N, H, W, C] stays where it is. {@link
 * FlattenChannelsLast} is the reshape to a vector.
 *
 * @param shape of the output
 */
public record Reshape(Shape shape) implements Rearrangement {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    if (in.size() != shape.size()) {
      throw new IllegalArgumentException(
          "Reshape to %s takes %d values, its input is %s".formatted(shape, shape.size(), in));
    }
    return shape;
  }

  @Override
  public int source(Shape in, Shape out, int position) {
    int c = position / out.plane();
    int value = position % out.plane() * out.channels() + c;
    return value % in.channels() * in.plane() + value / in.channels();
  }
}
