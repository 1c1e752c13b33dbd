package cnnlab.scratch.compiled;

import cnnlab.scratch.layer.Shape;

/**
 * Activations with channels last: the channels of position p of image n begin at {@code (n·plane +
 * p)·stride}. What lies between the last channel and the next position is undefined.
 */
final class Rows extends Activations {
  /** Floats from one position to the next, at least C. */
  final int stride;

  Rows(Shape shape, int stride) {
    super(shape);
    this.stride = stride;
  }

  @Override
  int imageSize() {
    return shape.plane() * stride;
  }

  /** Whether nothing lies between one position and the next. */
  boolean isDense() {
    return stride == shape.channels();
  }

  @Override
  void load(float[] x, int at, int image) {
    int plane = shape.plane();
    int to = image * imageSize();
    if (stride == 1 || plane == 1) {
      System.arraycopy(x, at, values(), to, shape.size());
      return;
    }
    for (int c = 0; c < shape.channels(); c++) {
      for (int p = 0; p < plane; p++) {
        values()[to + p * stride + c] = x[at + c * plane + p];
      }
    }
  }

  @Override
  void store(int image, float[] y, int at) {
    int plane = shape.plane();
    int from = image * imageSize();
    if (plane == 1) {
      System.arraycopy(values(), from, y, at, shape.channels());
      return;
    }
    for (int p = 0; p < plane; p++) {
      for (int c = 0; c < shape.channels(); c++) {
        y[at + c * plane + p] = values()[from + p * stride + c];
      }
    }
  }
}
