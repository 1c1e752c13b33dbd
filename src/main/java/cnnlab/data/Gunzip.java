package cnnlab.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decompresses a file once, for formats that are read at random places. */
final class Gunzip {
  private static final Logger LOG = LoggerFactory.getLogger(Gunzip.class);
  private static final int BUFFER = 1 << 16;
  private static final String SUFFIX = ".gz";
  private static final String REMEDY = "Copy or download the file again.";

  private Gunzip() {}

  /**
   * The file itself when it is there, else what {@code NAME.gz} beside it holds: written to {@code
   * file}, whole or not at all, so that the next call finds it.
   *
   * @param file the uncompressed file
   * @return {@code file}; it need not exist when there is no compressed one either
   * @throws DataException when the compressed file is damaged or truncated, or the other one cannot
   *     be written
   */
  static Path once(Path file) {
    Path compressed = compressed(file);
    if (Files.exists(file) || !Files.exists(compressed)) {
      return file;
    }
    LOG.info("{}: decompressing it, once, to {}", compressed, file.getFileName());
    AtomicFile.write(file, out -> decompress(compressed, out));
    return file;
  }

  static Path compressed(Path file) {
    return file.resolveSibling(file.getFileName() + SUFFIX);
  }

  /** The name without {@code .gz}. */
  static Path decompressed(Path compressed) {
    String name = compressed.getFileName().toString();
    return compressed.resolveSibling(name.substring(0, name.length() - SUFFIX.length()));
  }

  /** Faults of the source are told apart from those of the target, which AtomicFile reports. */
  private static void decompress(Path compressed, OutputStream out) throws IOException {
    try (InputStream raw = Files.newInputStream(compressed);
        InputStream in = new GZIPInputStream(raw, BUFFER)) {
      in.transferTo(out);
    } catch (EOFException e) {
      throw new DataException(
          compressed, "a gzip stream that ends too early", "a whole one", REMEDY, e);
    } catch (ZipException e) {
      throw new DataException(
          compressed, "a broken gzip stream (" + e.getMessage() + ")", "a whole one", REMEDY, e);
    }
  }
}
