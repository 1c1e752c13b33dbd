package cnnlab.data.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads and writes {@code .npy} files of little-endian 32-bit floats in C order, format versions
 * 1.0, 2.0 and 3.0 (numpy.lib.format). Everything else is rejected, and the message gives the numpy
 * call that converts it.
 */
public final class NpyFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final String FLOAT = "<f4";

  /** numpy pads its headers so that the values start at a multiple of this. */
  private static final int ALIGNMENT = 64;

  /** Upper limit on the length of a header; a longer one is taken as damaged. */
  private static final int MAX_HEADER = 1 << 16;

  private static final int CHUNK = 1 << 20;

  private static final Pattern DESCR = Pattern.compile("['\"]descr['\"]:\\s*(['\"])(.*?)\\1");
  private static final Pattern STRUCTURED = Pattern.compile("['\"]descr['\"]:\\s*\\[");
  private static final Pattern ORDER = Pattern.compile("['\"]fortran_order['\"]:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]:\\s*\\(([0-9L, ]*)\\)");

  private static final String SAVE =
      "Save it in Python with np.save(\"x.npy\", np.ascontiguousarray(x.astype('<f4'))).";

  private NpyFile() {}

  private record Header(int[] shape, long end) {}

  /**
   * Reads an array.
   *
   * @param file the {@code .npy} file
   * @return its shape and values
   * @throws DataException when the file is missing, is not a {@code .npy} file, is not
   *     little-endian float32 in C order, or has a length that does not fit its header
   */
  public static NpyArray read(Path file) {
    try (FileChannel in = FileChannel.open(file)) {
      return read(file, new Source(in, in.size()));
    } catch (NoSuchFileException e) {
      throw new DataException(file, "no such file", "a .npy file", "Check the path.", e);
    } catch (IOException e) {
      throw new DataException(
          file, "a file that cannot be read (" + e + ")", "a .npy file", SAVE, e);
    }
  }

  /**
   * The bytes of an array, read once.
   *
   * @param in gives them
   * @param size how many there are
   */
  record Source(ReadableByteChannel in, long size) {}

  /** Reads an array; {@code file} is for messages. */
  static NpyArray read(Path file, Source in) throws IOException {
    Header header = header(file, in);
    long values = NpyArray.size(header.shape);
    if (values < 0) {
      throw new DataException(
          file,
          "shape " + Arrays.toString(header.shape),
          "fewer than 2^31 values",
          "Save a part of the array, such as x[:1000].");
    }
    long expected = header.end + values * Float.BYTES;
    if (in.size() != expected) {
      throw new DataException(
          file,
          "%d bytes (%s)"
              .formatted(
                  in.size(),
                  in.size() < expected
                      ? "truncated: %d missing".formatted(expected - in.size())
                      : "%d trailing".formatted(in.size() - expected)),
          "%d bytes for shape %s".formatted(expected, Arrays.toString(header.shape)),
          "Copy the file again, or save it again. " + SAVE);
    }
    float[] data = new float[(int) values];
    for (int from = 0; from < data.length; ) {
      int count = Math.min(CHUNK, data.length - from);
      bytes(file, in, count * Float.BYTES).asFloatBuffer().get(data, from, count);
      from += count;
    }
    return new NpyArray(header.shape, data);
  }

  private static Header header(Path file, Source in) throws IOException {
    if (in.size() < MAGIC.length + 4) {
      throw notNpy(file, in.size() + " bytes");
    }
    byte[] magic = new byte[MAGIC.length];
    bytes(file, in, magic.length).get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw notNpy(file, "a file that does not start with \\x93NUMPY");
    }
    ByteBuffer version = bytes(file, in, 2);
    int major = version.get() & 0xFF;
    int minor = version.get() & 0xFF;
    if (major < 1 || major > 3 || minor != 0) {
      throw new DataException(
          file, "format version %d.%d".formatted(major, minor), "1.0, 2.0 or 3.0", SAVE);
    }
    long length = // read as unsigned
        major == 1
            ? bytes(file, in, Short.BYTES).getShort() & 0xFFFFL
            : bytes(file, in, Integer.BYTES).getInt() & 0xFFFFFFFFL;
    if (length > MAX_HEADER) {
      throw notNpy(file, "a header of %s bytes".formatted(length));
    }
    Charset charset = major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    String text = charset.decode(bytes(file, in, (int) length)).toString();
    long begin = MAGIC.length + 2L + (major == 1 ? Short.BYTES : Integer.BYTES);
    return new Header(shape(file, text), begin + length);
  }

  private static int[] shape(Path file, String text) {
    Matcher descr = DESCR.matcher(text);
    Matcher order = ORDER.matcher(text);
    Matcher shape = SHAPE.matcher(text);
    if (STRUCTURED.matcher(text).find()) {
      throw new DataException(file, "a structured type", "type '<f4'", SAVE);
    }
    if (!descr.find() || !order.find() || !shape.find()) {
      throw notNpy(file, "the header \"" + text.strip() + "\"");
    }
    if (!descr.group(2).equals(FLOAT)) {
      throw new DataException(
          file,
          "type '" + descr.group(2) + "'",
          "'<f4' (little-endian float32)",
          "Convert it with x.astype('<f4'). " + SAVE);
    }
    if (order.group(1).equals("True")) {
      throw new DataException(
          file,
          "fortran_order True",
          "False (C order)",
          "Convert it with np.ascontiguousarray(x). " + SAVE);
    }
    try {
      return Arrays.stream(shape.group(1).replace("L", "").split(","))
          .map(String::strip)
          .filter(d -> !d.isEmpty())
          .mapToInt(Integer::parseInt)
          .toArray();
    } catch (NumberFormatException e) {
      throw new DataException(
          file,
          "shape (" + shape.group(1) + ")",
          "dimensions below 2^31",
          "Save a part of the array, such as x[:1000].",
          e);
    }
  }

  /** The next bytes of the file, little-endian; an error if the file ends too early. */
  private static ByteBuffer bytes(Path file, Source in, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (in.in.read(buffer) < 0) {
        throw notNpy(file, "%s bytes (truncated in its header)".formatted(in.size()));
      }
    }
    return buffer.flip();
  }

  private static DataException notNpy(Path file, String found) {
    return new DataException(file, found, "a .npy file", SAVE);
  }

  /**
   * Writes an array in format version 1.0, as numpy does. The file is written atomically.
   *
   * @param file the file to create or replace; missing folders are created
   * @param array shape and values
   * @throws DataException when it cannot be written
   */
  public static void write(Path file, NpyArray array) {
    String dimensions =
        Arrays.stream(array.shape()).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    String text =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%s%s), }"
            .formatted(dimensions, array.shape().length == 1 ? "," : "");
    int before = MAGIC.length + 2 + Short.BYTES;
    // Plus one for the line feed that ends the header.
    int padding = Math.floorMod(-(before + text.length() + 1), ALIGNMENT);
    byte[] header = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    DataFiles.write(
        file,
        out -> {
          out.write(MAGIC);
          out.write(new byte[] {1, 0, (byte) header.length, (byte) (header.length >> 8)});
          out.write(header);
          ByteBuffer chunk =
              ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          for (int from = 0; from < array.data().length; from += CHUNK) {
            int count = Math.min(CHUNK, array.data().length - from);
            chunk.asFloatBuffer().put(array.data(), from, count);
            out.write(chunk.array(), 0, count * Float.BYTES);
          }
        });
  }
}
