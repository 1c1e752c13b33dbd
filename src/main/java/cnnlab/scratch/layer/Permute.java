package cnnlab.scratch.layer;

import java.util.List;

/**
 * Exchanges axes. The axes of the input [N, C, H, W] have the numbers 0 (C), 1 (H) and 2 (W).
 *
 * @param channels the input's axis that becomes C of the output
 * @param height the input's axis that becomes H
 * @param width the input's axis that becomes W
 */
public record Permute(int channels, int height, int width) implements Rearrangement {

  /**
   * @throws IllegalArgumentException when the axes are not 0, 1 and 2 in some order
   */
  public Permute {
    boolean each = true;
    for (int axis = 0; axis < 3; axis++) {
      each &= channels == axis || height == axis || width == axis;
    }
    if (!each) {
      throw new IllegalArgumentException(
          "axes %d, %d, %d found, expected 0, 1 and 2 in some order"
              .formatted(channels, height, width));
    }
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    return new Shape(size(in, channels), size(in, height), size(in, width));
  }

  private static int size(Shape shape, int axis) {
    return axis == 0 ? shape.channels() : axis == 1 ? shape.height() : shape.width();
  }

  private static int stride(Shape shape, int axis) {
    return axis == 0 ? shape.plane() : axis == 1 ? shape.width() : 1;
  }

  @Override
  public int source(Shape in, Shape out, int position) {
    int c = position / out.plane();
    int i = position % out.plane() / out.width();
    int j = position % out.width();
    return c * stride(in, channels) + i * stride(in, height) + j * stride(in, width);
  }
}
