package cnnlab.scratch.layer;

import java.util.List;

/**
 * The values of an input [C, H, W], taken as an array of the given sizes, whose axes are exchanged
 * and which is then given another shape: a reshape, a transpose and a reshape, such as the channel
 * shuffle of ShuffleNet (Zhang et al. 2018) or the reshape of PyTorch, which counts channels first.
 *
 * @param sizes of the axes; their product is C·H·W
 * @param order the axes of {@code sizes} in the order of the output
 * @param shape of the output
 */
public record Regroup(List<Integer> sizes, List<Integer> order, Shape shape)
    implements Rearrangement {

  public Regroup {
    sizes = List.copyOf(sizes);
    order = List.copyOf(order);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    if (in.size() != shape.size()) {
      throw new IllegalArgumentException(
          "Regroup to %s takes %d values, its input is %s".formatted(shape, shape.size(), in));
    }
    return shape;
  }

  @Override
  public int source(Shape in, Shape out, int position) {
    int rest = position;
    int source = 0;
    for (int i = order.size() - 1; i >= 0; i--) {
      int axis = order.get(i);
      int index = rest % sizes.get(axis);
      rest /= sizes.get(axis);
      for (int inner = axis + 1; inner < sizes.size(); inner++) {
        index *= sizes.get(inner);
      }
      source += index;
    }
    return source;
  }
}
