package cnnlab.data.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decompresses an HDF5 file once, because it is read by random access. No more is unpacked than the
 * length given in its header.
 */
public final class Gunzip {
  private static final Logger LOG = LoggerFactory.getLogger(Gunzip.class);
  private static final int BUFFER = 1 << 16;

  private static final byte[] MAGIC = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};

  /**
   * The number of bytes at the start of a file that contain the address of its end, in every
   * version of the format.
   */
  private static final int SUPERBLOCK = 56;

  private static final String SUFFIX = ".gz";
  private static final String REMEDY = "Copy or download the file again.";

  private Gunzip() {}

  /**
   * Decompresses {@code NAME.gz} to {@code NAME}, atomically, unless {@code NAME} already exists.
   *
   * @param file the uncompressed file
   * @return {@code file}; it does not exist if there is no compressed file either
   * @throws DataException when the compressed file is damaged or truncated, or {@code file} cannot
   *     be written
   */
  public static Path once(Path file) {
    Path compressed = compressed(file);
    if (Files.exists(file) || !Files.exists(compressed)) {
      return file;
    }
    LOG.info("{}: decompressing once to {}", compressed, file.getFileName());
    DataFiles.write(file, out -> decompress(compressed, out));
    return file;
  }

  public static Path compressed(Path file) {
    return file.resolveSibling(file.getFileName() + SUFFIX);
  }

  /** The name without {@code .gz}. */
  public static Path decompressed(Path compressed) {
    String name = compressed.getFileName().toString();
    return compressed.resolveSibling(name.substring(0, name.length() - SUFFIX.length()));
  }

  /** The length of the file according to its superblock (HDF5 file format, section II.A). */
  private static long length(Path compressed, byte[] begin) {
    ByteBuffer superblock = ByteBuffer.wrap(begin).order(ByteOrder.LITTLE_ENDIAN);
    boolean hdf5 =
        begin.length == SUPERBLOCK && Arrays.equals(MAGIC, Arrays.copyOf(begin, MAGIC.length));
    int version = hdf5 ? begin[8] : -1;
    int offsets = version < 2 ? 13 : 9;
    int end =
        switch (version) {
          case 0 -> 40;
          case 1 -> 44;
          case 2, 3 -> 28;
          default -> -1;
        };
    if (end < 0 || begin[offsets] != Long.BYTES || superblock.getLong(end) < SUPERBLOCK) {
      throw new DataException(
          compressed, "content that is not HDF5", "a compressed HDF5 file", REMEDY);
    }
    return superblock.getLong(end);
  }

  private static void requireSpace(Path compressed, long length) throws IOException {
    long free = Files.getFileStore(compressed.toAbsolutePath().getParent()).getUsableSpace();
    if (length > free) {
      throw new DataException(
          compressed,
          "%,d bytes when unpacked".formatted(length),
          "at most the %,d bytes free on the disk".formatted(free),
          "Free some space, or unpack it elsewhere.");
    }
  }

  /** Reports errors of the source; AtomicFile reports those of the target. */
  private static void decompress(Path compressed, OutputStream out) throws IOException {
    try (InputStream raw = Files.newInputStream(compressed);
        InputStream in = new GZIPInputStream(raw, BUFFER)) {
      byte[] begin = in.readNBytes(SUPERBLOCK);
      long length = length(compressed, begin);
      requireSpace(compressed, length);
      out.write(begin);
      long left = length - begin.length;
      byte[] buffer = new byte[BUFFER];
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          throw new DataException(
              compressed,
              "%d bytes unpacked (truncated: %d missing)".formatted(length - left, left),
              "the %d bytes given in its HDF5 header".formatted(length),
              REMEDY);
        }
        out.write(buffer, 0, n);
        left -= n;
      }
      if (in.read() >= 0) {
        throw new DataException(
            compressed,
            "more than %d bytes unpacked".formatted(length),
            "the length given in its HDF5 header",
            REMEDY);
      }
    } catch (EOFException e) {
      throw new DataException(compressed, "a truncated gzip stream", "a complete one", REMEDY, e);
    } catch (ZipException e) {
      throw new DataException(
          compressed, "a damaged gzip stream (" + e.getMessage() + ")", "an intact one", REMEDY, e);
    }
  }
}
