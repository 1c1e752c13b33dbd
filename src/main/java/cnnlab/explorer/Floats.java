package cnnlab.explorer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Arrays as bytes for the page, which reads them as little-endian float32. */
final class Floats {
  private Floats() {}

  /** A part of an array. */
  static byte[] of(float[] values, int from, int to) {
    ByteBuffer bytes = buffer(to - from);
    for (int i = from; i < to; i++) {
      bytes.putFloat(values[i]);
    }
    return bytes.array();
  }

  static byte[] of(float[] values) {
    return of(values, 0, values.length);
  }

  private static ByteBuffer buffer(int count) {
    return ByteBuffer.allocate(Math.multiplyExact(count, Float.BYTES))
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
