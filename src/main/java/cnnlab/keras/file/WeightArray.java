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

  /** Whether the numbers have 32 or 64 bits. */
  public boolean readable() {
    return bytes == Float.BYTES || bytes == Double.BYTES;
  }

  /** A copy of the values; doubles are rounded to float. */
  public float[] floats() {
    float[] all = new float[Math.toIntExact(size())];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          bytes == Float.BYTES
              ? values.getFloat(values.position() + i * bytes)
              : (float) values.getDouble(values.position() + i * bytes);
    }
    return all;
  }
}
