package cnnlab.onnx.layer;

import cnnlab.onnx.read.Tensor;
import cnnlab.onnx.read.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A value that is computed from the input: the vertex of the graph that computes it, and how the
 * axes in ONNX stand for those of the vertex. So a {@code Transpose} or {@code Unsqueeze} needs no
 * computation: it gives another order of axes to the same vertex.
 *
 * @param vertex name of the vertex
 * @param sizes sizes of the vertex' axes without the batch: C, H, W of images, F of vectors
 * @param axes for each axis in ONNX the axis of the vertex, 0 for the batch, or {@link #UNIT} for
 *     one of size 1 that the vertex does not have; axes of the vertex of size 1 may be missing
 */
record Live(String vertex, List<Integer> sizes, List<Integer> axes) implements Value {
  static final int UNIT = -1;
  static final int CHANNELS = 1;
  static final int HEIGHT = 2;
  static final int WIDTH = 3;

  /** [N, C, H, W]. */
  static Live image(String vertex, int channels, int height, int width) {
    return new Live(vertex, List.of(channels, height, width), List.of(0, 1, 2, 3));
  }

  /** [N, F]. */
  static Live vector(String vertex, int features) {
    return new Live(vertex, List.of(features), List.of(0, 1));
  }

  boolean isVector() {
    return sizes.size() == 1;
  }

  /** The number of values of one example. */
  long size() {
    return sizes.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
  }

  int channels() {
    return sizes.get(0);
  }

  int height() {
    return sizes.get(1);
  }

  int width() {
    return sizes.get(2);
  }

  @Override
  public long[] shape() {
    return axes.stream().mapToLong(this::sizeOf).toArray();
  }

  private long sizeOf(int axis) {
    return axis == UNIT ? 1 : axis == 0 ? Tensor.BATCH : sizes.get(axis - 1);
  }

  int rank() {
    return axes.size();
  }

  /** The axes of the vertex in ONNX's order, without those of size 1. */
  List<Integer> order() {
    return axes.stream().filter(a -> a == 0 || sizeOf(a) != 1).toList();
  }

  /** Whether the axes that are not of size 1 come in the vertex' own order. */
  boolean isInOrder() {
    List<Integer> order = order();
    return order.equals(order.stream().sorted().toList());
  }

  /** The same axes at another vertex of the same sizes. */
  Live at(String other) {
    return new Live(other, sizes, axes);
  }

  /** The same vertex with other axes. */
  Live withAxes(List<Integer> other) {
    return new Live(vertex, sizes, List.copyOf(other));
  }

  /** The same axes at another vertex whose channels or features differ in number. */
  Live withChannels(String other, int channels) {
    List<Integer> changed = new ArrayList<>(sizes);
    changed.set(0, channels);
    return new Live(other, List.copyOf(changed), axes);
  }

  /**
   * The same values in another shape whose sizes differ only in ones.
   *
   * @return null when the shape is no such one
   */
  Live reshaped(long[] shape) {
    List<Integer> order = order();
    List<Integer> spare =
        new ArrayList<>(
            IntStream.rangeClosed(1, sizes.size()).filter(a -> sizeOf(a) == 1).boxed().toList());
    List<Integer> made = new ArrayList<>();
    int at = 0;
    for (long d : shape) {
      if (d == 1) {
        // Later operators look for the axes in the vertex' order.
        int next = at < order.size() ? order.get(at) : Integer.MAX_VALUE;
        int chosen =
            !spare.isEmpty() && !made.isEmpty() && spare.get(0) < next ? spare.remove(0) : UNIT;
        made.add(chosen);
      } else if (at < order.size() && sizeOf(order.get(at)) == d) {
        made.add(order.get(at++));
      } else {
        return null;
      }
    }
    return at == order.size() ? withAxes(made) : null;
  }

  /** [N, 3, 32, 32]. */
  String text() {
    return Arrays.stream(shape())
        .mapToObj(d -> d == Tensor.BATCH ? "N" : String.valueOf(d))
        .toList()
        .toString();
  }
}
