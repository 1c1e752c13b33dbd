package cnnlab.keras.file;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An array in an HDF5 file.
 *
 * @param shape its dimensions
 * @param bytes bytes of one number; {@link #NONE} if it does not contain plain floating-point
 *     numbers
 * @param values the numbers in row-major order, in the file's byte order
 */
public record WeightArray(long[] shape, int bytes, ByteBuffer values) {
  static final int NONE = 0;

  /** The number of values. */
  long size() {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  /** Whether the numbers have 16, 32 or 64 bits, in the formats of IEEE 754. */
  public boolean readable() {
    return bytes == Short.BYTES || bytes == Float.BYTES || bytes == Double.BYTES;
  }

  /** A copy of the values; doubles are rounded to float, halves are exact. */
  public float[] floats() {
    float[] all = new float[Math.toIntExact(size())];
    for (int i = 0; i < all.length; i++) {
      int at = values.position() + i * bytes;
      all[i] =
          switch (bytes) {
            case Short.BYTES -> half(values.getShort(at));
            case Float.BYTES -> values.getFloat(at);
            default -> (float) values.getDouble(at);
          };
    }
    return all;
  }

  /** The value of a half-precision number (IEEE 754 binary16): 1 sign, 5 exponent, 10 fraction. */
  static float half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    float size =
        exponent == 0x1f
            ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
            : exponent == 0
                ? Math.scalb((float) fraction, -24)
                : Math.scalb(fraction + 1024f, exponent - 25);
    return bits < 0 ? -size : size;
  }
}
