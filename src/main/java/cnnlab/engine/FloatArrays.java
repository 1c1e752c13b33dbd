package cnnlab.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Float arrays in a binary stream: the length as int, then the values, big-endian. */
final class FloatArrays {
  private FloatArrays() {}

  static void write(DataOutputStream out, float[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    out.writeInt(values.length);
    out.write(bytes.array());
  }

  /** Reads an array of exactly the given length into {@code into}. */
  static void read(DataInputStream in, float[] into) throws IOException {
    int length = in.readInt();
    if (length != into.length) {
      throw new IOException(
          "an array of %d values was found, %d are expected: the state is of another model"
              .formatted(length, into.length));
    }
    byte[] bytes = new byte[length * Float.BYTES];
    in.readFully(bytes);
    ByteBuffer.wrap(bytes).asFloatBuffer().get(into);
  }
}
