package cnnlab.keras.layer;

import cnnlab.keras.file.WeightArray;
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
          java.util.Arrays.fill(all, value);
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
