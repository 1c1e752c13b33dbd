package cnnlab.keras.layer;

import cnnlab.keras.file.WeightArray;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The value of a Keras variable for a parameter of the graph; it is copied from the file only on
 * request.
 *
 * @param variable its name in Keras
 * @param shape shape of the values
 * @param source gives the values in row-major order of the shape
 */
public record Weight(String variable, long[] shape, Supplier<float[]> source) {
  static Weight of(String variable, WeightArray array) {
    return new Weight(variable, array.shape(), array::floats);
  }

  /** A vector with one constant value, for a variable that Keras does not have. */
  static Weight constant(String variable, int size, float value) {
    return new Weight(
        variable,
        new long[] {size},
        () -> {
          float[] all = new float[size];
          Arrays.fill(all, value);
          return all;
        });
  }

  long size() {
    long size = 1;
    for (long d : shape) {
      size *= d;
    }
    return size;
  }

  public float[] values() {
    return source.get();
  }

  /**
   * The part of this weight with indices {@code from} to {@code to} (exclusive) of its first axis.
   */
  Weight part(int from, int to) {
    long[] part = shape.clone();
    part[0] = to - from;
    int row = Math.toIntExact(size() / shape[0]);
    return new Weight(variable, part, () -> Arrays.copyOfRange(source.get(), from * row, to * row));
  }

  /**
   * The same kernels with rows of zeros below and columns of zeros at the right.
   *
   * @param height of the last axis but one, at least as now
   * @param width of the last axis, at least as now
   */
  Weight extended(int height, int width) {
    int rows = Math.toIntExact(shape[shape.length - 2]);
    int columns = Math.toIntExact(shape[shape.length - 1]);
    if (rows == height && columns == width) {
      return this;
    }
    long[] larger = shape.clone();
    larger[shape.length - 2] = height;
    larger[shape.length - 1] = width;
    return new Weight(
        variable,
        larger,
        () -> {
          float[] from = source.get();
          float[] to = new float[from.length / (rows * columns) * height * width];
          for (int row = 0; row * columns < from.length; row++) {
            int at = (row / rows * height + row % rows) * width;
            System.arraycopy(from, row * columns, to, at, columns);
          }
          return to;
        });
  }

  /** The same kernels with gaps of zeros, as a dilation makes them, in the last two axes. */
  Weight spread(int rows, int columns) {
    if (rows == 1 && columns == 1) {
      return this;
    }
    int height = Math.toIntExact(shape[shape.length - 2]);
    int width = Math.toIntExact(shape[shape.length - 1]);
    long[] larger = shape.clone();
    larger[shape.length - 2] = (height - 1L) * rows + 1;
    larger[shape.length - 1] = (width - 1L) * columns + 1;
    int tall = Math.toIntExact(larger[shape.length - 2]);
    int wide = Math.toIntExact(larger[shape.length - 1]);
    return new Weight(
        variable,
        larger,
        () -> {
          float[] from = source.get();
          float[] to = new float[Math.multiplyExact(from.length / (height * width), tall * wide)];
          for (int i = 0; i < from.length; i++) {
            int row = i / width % height * rows + i / width / height * tall;
            to[row * wide + i % width * columns] = from[i];
          }
          return to;
        });
  }

  /** The same values in another shape. */
  Weight reshaped(long... other) {
    return new Weight(variable, other, source);
  }

  /**
   * The values in another order of axes.
   *
   * @param axes the axis of this weight that becomes the first, second, ... of the result
   */
  public Weight permuted(int... axes) {
    long[] permuted = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      permuted[i] = shape[axes[i]];
    }
    return new Weight(variable, permuted, () -> permute(source.get(), axes));
  }

  private float[] permute(float[] from, int[] axes) {
    int rank = axes.length;
    int[] stride = new int[rank];
    int step = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      stride[axis] = step;
      step *= (int) shape[axis];
    }
    float[] to = new float[from.length];
    int[] index = new int[rank];
    int at = 0;
    for (int i = 0; i < to.length; i++) {
      to[i] = from[at];
      for (int axis = rank - 1; axis >= 0; axis--) {
        at += stride[axes[axis]];
        if (++index[axis] < shape[axes[axis]]) {
          break;
        }
        at -= index[axis] * stride[axes[axis]];
        index[axis] = 0;
      }
    }
    return to;
  }
}
