package cnnlab.data.file;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An IDX file of unsigned bytes, the format of MNIST: a magic number (two zero bytes, the type
 * 0x08, the number of dimensions), each dimension as a big-endian 32-bit integer, then the values
 * in row-major order.
 *
 * @param file its path
 * @param shape the dimensions, such as [60000, 28, 28]
 * @param data unsigned bytes, as many as the product of the shape
 */
public record IdxFile(Path file, int[] shape, byte[] data) {
  /** In an expected shape, stands for any size. */
  public static final int ANY = -1;

  private static final int UNSIGNED_BYTE = 0x08;
  private static final int MOST_VALUES = Integer.MAX_VALUE - 64;

  private static final String RESTORE =
      "Restore the original file (for MNIST see datasets/mnist/README.md).";

  /**
   * Reads a gzip-compressed or raw file; its first bytes tell which it is. Bytes after the end of a
   * gzip stream are ignored, as by gzip; the decompressed length must be exact.
   *
   * @param file the file
   * @param expected the required shape; {@link #ANY} for a dimension of any size
   * @throws DataException when the file is missing, cannot be read or decompressed, has the wrong
   *     magic number or shape, or a length that does not fit its header
   */
  public static IdxFile read(Path file, int... expected) {
    return parse(file, content(file, expected), expected);
  }

  /**
   * The bytes of a file, decompressed if they are a gzip stream. At most one byte more is read than
   * the header and the expected shape allow.
   *
   * @throws DataException when the file is missing, cannot be read, or is a damaged gzip stream
   */
  public static byte[] content(Path file, int... expected) {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file))) {
      raw.mark(2);
      boolean packed = isGzip(raw.readNBytes(2));
      raw.reset();
      try (InputStream in = packed ? new GZIPInputStream(raw, 1 << 16) : raw) {
        byte[] header = in.readNBytes(Integer.BYTES * (1 + expected.length));
        byte[] rest = in.readNBytes(values(header, expected) + 1);
        byte[] content = Arrays.copyOf(header, header.length + rest.length);
        System.arraycopy(rest, 0, content, header.length, rest.length);
        return content;
      }
    } catch (NoSuchFileException e) {
      throw new DataException(file, "no such file", "an IDX file", RESTORE, e);
    } catch (EOFException e) {
      throw new DataException(file, "a truncated gzip stream", "a complete one", RESTORE, e);
    } catch (ZipException e) {
      throw new DataException(
          file, "a damaged gzip stream (" + e.getMessage() + ")", "an intact one", RESTORE, e);
    } catch (IOException e) {
      throw new DataException(
          file, "a file that cannot be read (" + e + ")", "an IDX file", RESTORE, e);
    }
  }

  /** The number of values after a header; 0 for a header that {@link #parse} will reject. */
  private static int values(byte[] header, int... expected) {
    long product = 1;
    for (int d = 0; d < expected.length; d++) {
      int at = Integer.BYTES * (1 + d);
      int size = header.length < at + Integer.BYTES ? 0 : ByteBuffer.wrap(header).getInt(at);
      if (expected[d] != ANY && size != expected[d]) {
        return 0;
      }
      product = Math.min(product * Math.max(size, 0), Integer.MAX_VALUE);
    }
    return product > MOST_VALUES ? 0 : (int) product;
  }

  /**
   * Parses the bytes of an IDX file.
   *
   * @param file its name, for messages
   * @param content its raw bytes, not compressed
   * @param expected the required shape; {@link #ANY} for a dimension of any size
   * @throws DataException as {@link #read}
   */
  public static IdxFile parse(Path file, byte[] content, int... expected) {
    int rank = expected.length;
    int header = Integer.BYTES * (1 + rank);
    int magic = UNSIGNED_BYTE << 8 | rank;
    ByteBuffer in = ByteBuffer.wrap(content);
    if (content.length >= Integer.BYTES && in.getInt(0) != magic) {
      throw new DataException(
          file,
          "magic number 0x%08X".formatted(in.getInt(0)),
          "0x%08X (unsigned bytes, dimensions: %d)".formatted(magic, rank),
          RESTORE);
    }
    if (content.length < header) {
      throw new DataException(
          file,
          "%d bytes".formatted(content.length),
          "a header of %d bytes".formatted(header),
          RESTORE);
    }
    int[] shape = IntStream.rangeClosed(1, rank).map(d -> in.getInt(Integer.BYTES * d)).toArray();
    checkShape(file, shape, expected);
    long length = header + product(file, shape);
    if (content.length != length) {
      throw new DataException(
          file,
          content.length < length
              ? "%d bytes (truncated: %d missing)"
                  .formatted(content.length, length - content.length)
              : "more bytes",
          "%d bytes for shape %s".formatted(length, Arrays.toString(shape)),
          RESTORE);
    }
    return new IdxFile(file, shape, Arrays.copyOfRange(content, header, content.length));
  }

  /** Whether these are the first bytes of a gzip stream; an IDX file starts with two zeros. */
  static boolean isGzip(byte[] start) {
    return start.length >= 2 && (start[0] & 0xFF) == 0x1F && (start[1] & 0xFF) == 0x8B;
  }

  private static void checkShape(Path file, int[] shape, int[] expected) {
    boolean fits =
        IntStream.range(0, shape.length)
            .allMatch(d -> shape[d] >= 0 && (expected[d] == ANY || shape[d] == expected[d]));
    if (!fits) {
      throw new DataException(
          file,
          "shape " + Arrays.toString(shape),
          Arrays.stream(expected)
              .mapToObj(d -> d == ANY ? "any" : String.valueOf(d))
              .collect(Collectors.joining(", ", "[", "]")),
          RESTORE);
    }
  }

  /** The number of values; more than an array can hold, as in a damaged header, is an error. */
  private static long product(Path file, int[] shape) {
    long product = 1;
    for (int size : shape) {
      product *= size;
      if (product > Integer.MAX_VALUE) {
        throw new DataException(
            file, "shape " + Arrays.toString(shape), "fewer than 2^31 values in total", RESTORE);
      }
    }
    return product;
  }
}
