package cnnlab.scratch.layer;

import cnnlab.scratch.kernel.Padding;
import java.util.List;

/**
 * Cuts off the border of an image. Input [N, C, H, W], output [N, C, H − top − bottom, W − left −
 * right].
 *
 * @param top rows cut off above, at least 0
 * @param left columns cut off at the left, at least 0
 * @param bottom rows cut off below, at least 0
 * @param right columns cut off at the right, at least 0
 */
public record Crop2d(int top, int left, int bottom, int right) implements Rearrangement {

  /**
   * @throws IllegalArgumentException when a number is negative
   */
  public Crop2d {
    new Padding.Explicit(top, left, bottom, right);
  }

  /**
   * @throws IllegalArgumentException when nothing is left
   */
  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    return new Shape(in.channels(), in.height() - top - bottom, in.width() - left - right);
  }

  @Override
  public int source(Shape in, Shape out, int position) {
    int c = position / out.plane();
    int i = position % out.plane() / out.width();
    int j = position % out.width();
    return (c * in.height() + top + i) * in.width() + left + j;
  }
}
