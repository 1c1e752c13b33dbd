package cnnlab.scratch.compiled;

import cnnlab.scratch.layer.Shape;

/** The output of a step, or the network's input, for all images of a pass. */
abstract class Activations {
  final Shape shape;

  /** The memory, shared with activations that are not in use at the same time. */
  Memory memory;

  /** An array that grows. */
  static final class Memory {
    float[] values = {};
  }

  Activations(Shape shape) {
    this.shape = shape;
  }

  final float[] values() {
    return memory.values;
  }

  /** Floats of one image. */
  abstract int imageSize();

  /** Copies an image [C, H, W] at {@code at} to its place here. */
  abstract void load(float[] x, int at, int image);

  /** Copies an image from here to [C, H, W] at {@code at}. */
  abstract void store(int image, float[] y, int at);
}
