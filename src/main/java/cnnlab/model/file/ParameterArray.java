package cnnlab.model.file;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads a row vector as {@code Nd4j.write} writes it: a buffer with the shape, then one with the
 * values. Each starts with its allocation mode (a word), the number of its elements and their type.
 * ND4J's own reader trusts the lengths and types in the file.
 */
final class ParameterArray {
  /** Rank, sizes, strides, flags, element stride and order, for rank 0 to 32. */
  private static final int MOST_SHAPE_NUMBERS = 2 * 32 + 4;

  private static final Set<String> SHAPE_TYPES = Set.of("LONG", "INT");
  private static final int PIECE = 1 << 16;

  private ParameterArray() {}

  /**
   * Reads an array of exactly the given length. Memory is allocated only after the header has
   * confirmed it.
   *
   * @param in contains the array and nothing else
   * @param entry its name, for messages
   * @param length the required number of values, at least 1
   * @param type the type of the result: FLOAT or DOUBLE
   * @return [1, length]
   * @throws ModelFileException when the header is damaged or gives another length or unsupported
   *     types
   * @throws IOException when it cannot be read; {@link java.io.EOFException} when it is truncated
   */
  static INDArray read(InputStream in, String entry, long length, DataType type)
      throws IOException {
    DataInputStream data = new DataInputStream(in);
    Header shape = header(data, entry);
    if (!SHAPE_TYPES.contains(shape.type)
        || shape.length < 4
        || shape.length > MOST_SHAPE_NUMBERS) {
      throw noArray(entry);
    }
    requireLength(entry, elements(data, shape, entry), length);
    Header values = header(data, entry);
    requireLength(entry, values.length, length);
    return switch (values.type) {
      case "FLOAT" -> row(floats(data, Math.toIntExact(length)), type);
      case "DOUBLE" -> row(doubles(data, Math.toIntExact(length)), type);
      default ->
          throw ModelArchive.fault(
              "entry '%s' has values of type %s, expected FLOAT or DOUBLE", entry, values.type);
    };
  }

  private record Header(long length, String type) {}

  private static Header header(DataInputStream in, String entry) throws IOException {
    // DataInputStream.readUTF would read up to 64 KB; the words have at most 30 letters.
    String memory = word(in, entry);
    long length = in.readLong();
    String type = word(in, entry);
    if (memory.isEmpty() || type.isEmpty() || length < 0) {
      throw noArray(entry);
    }
    return new Header(length, type);
  }

  private static String word(DataInputStream in, String entry) throws IOException {
    int length = in.readUnsignedShort();
    if (length > 64) {
      throw noArray(entry);
    }
    byte[] letters = new byte[length];
    in.readFully(letters);
    String word = new String(letters, StandardCharsets.US_ASCII);
    if (!word.matches("[A-Z0-9_]*")) {
      throw noArray(entry);
    }
    return word;
  }

  /** The product of the sizes. */
  private static long elements(DataInputStream in, Header shape, String entry) throws IOException {
    long[] numbers = new long[(int) shape.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = shape.type.equals("LONG") ? in.readLong() : in.readInt();
    }
    long rank = numbers[0];
    if (rank < 0 || numbers.length != 2 * rank + 4) {
      throw noArray(entry);
    }
    long product = 1;
    for (int i = 1; i <= rank; i++) {
      if (numbers[i] < 0 || numbers[i] > Integer.MAX_VALUE) {
        throw noArray(entry);
      }
      product = Math.min(product * numbers[i], Integer.MAX_VALUE);
    }
    return product;
  }

  private static void requireLength(String entry, long found, long expected) {
    if (found != expected) {
      throw ModelArchive.fault(
          "entry '%s' has %,d values, but the configuration requires %,d; they do not belong together",
          entry, found, expected);
    }
  }

  private static float[] floats(DataInputStream in, int length) throws IOException {
    float[] values = new float[length];
    byte[] piece = new byte[PIECE];
    for (int from = 0; from < length; ) {
      int count = Math.min(PIECE / Float.BYTES, length - from);
      in.readFully(piece, 0, count * Float.BYTES);
      ByteBuffer.wrap(piece).asFloatBuffer().get(values, from, count);
      from += count;
    }
    return values;
  }

  private static double[] doubles(DataInputStream in, int length) throws IOException {
    double[] values = new double[length];
    byte[] piece = new byte[PIECE];
    for (int from = 0; from < length; ) {
      int count = Math.min(PIECE / Double.BYTES, length - from);
      in.readFully(piece, 0, count * Double.BYTES);
      ByteBuffer.wrap(piece).asDoubleBuffer().get(values, from, count);
      from += count;
    }
    return values;
  }

  private static INDArray row(float[] values, DataType type) {
    return Nd4j.createFromArray(values).reshape(1, values.length).castTo(type);
  }

  private static INDArray row(double[] values, DataType type) {
    return Nd4j.createFromArray(values).reshape(1, values.length).castTo(type);
  }

  private static ModelFileException noArray(String entry) {
    return ModelArchive.fault(
        "entry '%s' is damaged or was not written by ND4J; copy the file again", entry);
  }
}
