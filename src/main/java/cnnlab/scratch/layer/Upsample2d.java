package cnnlab.scratch.layer;

import java.util.List;

/**
 * Enlargement by repeating: y[c, i, j] = x[c, ⌊i/s⌋, ⌊j/t⌋]. Input [N, C, H, W], output [N, C, s·H,
 * t·W].
 *
 * @param rows s, at least 1
 * @param columns t, at least 1
 */
public record Upsample2d(int rows, int columns) implements Rearrangement {

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape in = Layer.single(this, inputs);
    return new Shape(in.channels(), in.height() * rows, in.width() * columns);
  }

  @Override
  public int source(Shape in, Shape out, int position) {
    int c = position / out.plane();
    int i = position % out.plane() / out.width();
    int j = position % out.width();
    return (c * in.height() + i / rows) * in.width() + j / columns;
  }
}
