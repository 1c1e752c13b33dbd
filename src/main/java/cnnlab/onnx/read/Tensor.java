package cnnlab.onnx.read;

import java.util.Arrays;

/**
 * A constant tensor: an initialiser, or what was computed from constants. All floating-point types
 * are read as 32-bit floats, all integer types as 64-bit integers.
 */
public final class Tensor implements Value {
  /**
   * Stands for the number of examples in an integer tensor, which is not known: what ONNX's {@code
   * Shape} gives for the first axis.
   */
  public static final long BATCH = Long.MIN_VALUE + 17;

  /** What the values are. */
  public enum Kind {
    REAL,
    INTEGER,
    BOOLEAN
  }

  private final Kind kind;
  private final long[] shape;
  private final float[] reals;
  private final long[] integers;

  private Tensor(Kind kind, long[] shape, float[] reals, long[] integers) {
    this.kind = kind;
    this.shape = shape;
    this.reals = reals;
    this.integers = integers;
    int length = reals != null ? reals.length : integers.length;
    if (size(shape) != length) {
      throw new IllegalArgumentException(
          "%d values for shape %s".formatted(length, Arrays.toString(shape)));
    }
  }

  /**
   * @param values in row-major order; not copied
   */
  public static Tensor reals(float[] values, long... shape) {
    return new Tensor(Kind.REAL, shape, values, null);
  }

  /**
   * @param values in row-major order; not copied
   */
  public static Tensor integers(long[] values, long... shape) {
    return new Tensor(Kind.INTEGER, shape, null, values);
  }

  /**
   * @param values in row-major order, 0 or 1; not copied
   */
  static Tensor booleans(long[] values, long... shape) {
    return new Tensor(Kind.BOOLEAN, shape, null, values);
  }

  /** A tensor of the given kind. */
  static Tensor of(Kind kind, double[] values, long... shape) {
    if (kind == Kind.REAL) {
      float[] reals = new float[values.length];
      for (int i = 0; i < reals.length; i++) {
        reals[i] = (float) values[i];
      }
      return reals(reals, shape);
    }
    long[] integers = new long[values.length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = (long) values[i];
    }
    return new Tensor(kind, shape, null, integers);
  }

  public Kind kind() {
    return kind;
  }

  public boolean isReal() {
    return kind == Kind.REAL;
  }

  /** The sizes of the axes; not to be changed. */
  @Override
  public long[] shape() {
    return shape;
  }

  /** The number of values. */
  public int size() {
    return reals != null ? reals.length : integers.length;
  }

  /** The values as floats, in row-major order; not to be changed. */
  public float[] floats() {
    if (reals != null) {
      return reals;
    }
    float[] values = new float[integers.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = integers[i];
    }
    return values;
  }

  /** Integers and booleans in row-major order; reals are truncated. */
  public long[] longs() {
    if (integers != null) {
      return integers;
    }
    long[] values = new long[reals.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) reals[i];
    }
    return values;
  }

  /** One value. */
  public double at(int index) {
    return reals != null ? reals[index] : integers[index];
  }

  /** Whether it contains the unknown number of examples. */
  public boolean hasBatch() {
    return integers != null && Arrays.stream(integers).anyMatch(i -> i == BATCH);
  }

  /** The same values in another shape of the same size. */
  public Tensor reshaped(long... other) {
    return new Tensor(kind, other, reals, integers);
  }

  /**
   * The values at the given positions.
   *
   * @param positions indices in row-major order of this tensor
   */
  Tensor picked(int[] positions, long... newShape) {
    if (reals != null) {
      float[] values = new float[positions.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = reals[positions[i]];
      }
      return new Tensor(kind, newShape, values, null);
    }
    long[] values = new long[positions.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = integers[positions[i]];
    }
    return new Tensor(kind, newShape, null, values);
  }

  /**
   * The values in another order of axes.
   *
   * @param axes the axis of this tensor that becomes the first, second, ... of the result
   */
  public Tensor permuted(int... axes) {
    int rank = axes.length;
    long[] permuted = new long[rank];
    int[] stride = new int[rank];
    int step = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      stride[axis] = step;
      step *= (int) shape[axis];
    }
    for (int i = 0; i < rank; i++) {
      permuted[i] = shape[axes[i]];
    }
    int[] positions = new int[size()];
    int[] index = new int[rank];
    int at = 0;
    for (int i = 0; i < positions.length; i++) {
      positions[i] = at;
      for (int axis = rank - 1; axis >= 0; axis--) {
        at += stride[axes[axis]];
        if (++index[axis] < permuted[axis]) {
          break;
        }
        at -= index[axis] * stride[axes[axis]];
        index[axis] = 0;
      }
    }
    return picked(positions, permuted);
  }

  /** The number of values of a shape of non-negative sizes without overflow. */
  public static long size(long[] shape) {
    long size = 1;
    for (long d : shape) {
      size = Math.multiplyExact(size, d);
    }
    return size;
  }

  @Override
  public String toString() {
    return "%s %s".formatted(kind, Arrays.toString(shape));
  }
}
