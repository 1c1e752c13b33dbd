package cnnlab.scratch.layer;

import java.util.List;

/**
 * Some of the channels or features: [N, C, H, W] becomes [N, to − from, H, W].
 *
 * @param from the first channel, from 0
 * @param to the channel after the last
 */
public record ChannelSlice(int from, int to) implements Rearrangement {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    if (from < 0 || to <= from || to > in.channels()) {
      throw new IllegalArgumentException(
          "channels %d to %d (exclusive) of an input of %s".formatted(from, to, in));
    }
    return new Shape(to - from, in.height(), in.width());
  }

  @Override
  public int source(Shape in, Shape out, int position) {
    return from * in.plane() + position;
  }
}
