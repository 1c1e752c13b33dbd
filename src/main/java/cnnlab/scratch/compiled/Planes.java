package cnnlab.scratch.compiled;

import cnnlab.scratch.layer.Shape;

/**
 * Activations with channels first: row i of channel c of image n begins at {@code ((n·C + c)·H +
 * i)·pitch}. What lies between the last column and the next row is undefined.
 */
final class Planes extends Activations {
  /** Floats from one row to the next, at least W. */
  final int pitch;

  Planes(Shape shape, int pitch) {
    super(shape);
    this.pitch = pitch;
  }

  @Override
  int imageSize() {
    return shape.channels() * shape.height() * pitch;
  }

  @Override
  void load(float[] x, int at, int image) {
    copy(x, at, shape.width(), values(), image * imageSize(), pitch);
  }

  @Override
  void store(int image, float[] y, int at) {
    copy(values(), image * imageSize(), pitch, y, at, shape.width());
  }

  private void copy(float[] x, int from, int xPitch, float[] y, int to, int yPitch) {
    if (xPitch == yPitch) {
      System.arraycopy(x, from, y, to, shape.size());
      return;
    }
    for (int row = 0; row < shape.channels() * shape.height(); row++) {
      System.arraycopy(x, from + row * xPitch, y, to + row * yPitch, shape.width());
    }
  }
}
