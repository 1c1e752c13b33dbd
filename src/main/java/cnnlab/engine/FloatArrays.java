package cnnlab.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Float arrays in a binary stream: the length as int, then the values, big-endian. */
public final class FloatArrays {
  private FloatArrays() {}

  /** Values converted to bytes at once. */
  private static final int CHUNK = 1 << 16;

  public static void write(DataOutputStream out, float[] values) throws IOException {
    out.writeInt(values.length);
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * Math.min(CHUNK, values.length));
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      bytes.asFloatBuffer().put(values, from, count);
      out.write(bytes.array(), 0, Float.BYTES * count);
    }
  }

  /**
   * Reads an array of exactly the length of {@code into}. No memory is allocated by a length read
   * from the file.
   */
  public static void read(DataInputStream in, float[] into) throws IOException {
    int length = in.readInt();
    if (length != into.length) {
      throw new IOException(
          "an array of %d values found, %d expected: the state belongs to another model"
              .formatted(length, into.length));
    }
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * Math.min(CHUNK, length));
    for (int from = 0; from < length; from += CHUNK) {
      int count = Math.min(CHUNK, length - from);
      in.readFully(bytes.array(), 0, Float.BYTES * count);
      bytes.asFloatBuffer().get(into, from, count);
    }
  }
}
