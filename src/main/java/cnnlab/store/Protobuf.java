package cnnlab.store;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Encodes one message of Protocol Buffers, field by field in the order of the calls. The encoding
 * is that of <a href="https://protobuf.dev/programming-guides/encoding/">the specification</a>.
 *
 * <p>It is written by hand because TensorBoard's files need only a few fields: the library would
 * add 1.7 MB and a code generator to the build.
 */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;
  private static final int SEVEN_BITS = 0x7f;
  private static final int MORE = 0x80;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** An {@code int32}, {@code int64}, {@code bool} or {@code enum}. */
  Protobuf varint(int field, long value) {
    tag(field, VARINT);
    raw(value);
    return this;
  }

  /** A {@code double}. */
  Protobuf fixed(int field, double value) {
    tag(field, FIXED64);
    out.writeBytes(little(Double.BYTES).putDouble(value).array());
    return this;
  }

  /** A {@code float}. */
  Protobuf fixed(int field, float value) {
    tag(field, FIXED32);
    out.writeBytes(little(Float.BYTES).putFloat(value).array());
    return this;
  }

  /** A repeated {@code double}, packed. */
  Protobuf packed(int field, double[] values) {
    ByteBuffer bytes = little(values.length * Double.BYTES);
    for (double value : values) {
      bytes.putDouble(value);
    }
    return bytes(field, bytes.array());
  }

  /** A {@code string}. */
  Protobuf text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A message inside this one. */
  Protobuf message(int field, Protobuf value) {
    return bytes(field, value.toBytes());
  }

  /** {@code bytes}. */
  Protobuf bytes(int field, byte[] value) {
    tag(field, LENGTH);
    raw(value.length);
    out.writeBytes(value);
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private void tag(int field, int type) {
    raw((long) field << 3 | type);
  }

  private void raw(long value) {
    long rest = value;
    while ((rest & ~SEVEN_BITS) != 0) {
      out.write((int) (rest & SEVEN_BITS | MORE));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
