package cnnlab.data;

import cnnlab.io.Sha256;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line of {@code cnnlab datasets verify}.
 *
 * @param dataset the data set's name
 * @param file the file
 * @param bytes its size on disk, 0 when missing
 * @param sha256 its SHA-256: of the decompressed content if the expected checksum is of that,
 *     otherwise of the file itself; {@code "-"} when the file cannot be read
 * @param expected the expected SHA-256, or {@code "-"} when none is known
 * @param status the outcome
 */
public record DatasetCheck(
    String dataset, Path file, long bytes, String sha256, String expected, Status status) {
  private static final Logger LOG = LoggerFactory.getLogger(DatasetCheck.class);
  private static final String NONE = "-";
  private static final String GZ = ".gz";

  /** The outcome of a check. */
  public enum Status {
    /** The checksum is the expected one. */
    OK("ok"),
    /** The checksum is wrong, or the file cannot be read. */
    BAD("BAD"),
    /** The data set should have this file, but it does not exist. */
    MISSING("missing"),
    /** No checksum is known for this file. */
    UNKNOWN("-");

    private final String label;

    Status(String label) {
      this.label = label;
    }

    /** As shown in a table. */
    @Override
    public String toString() {
      return label;
    }
  }

  /** The row of a missing file. */
  static DatasetCheck missing(String dataset, Path file, String expected) {
    return new DatasetCheck(dataset, file, 0, NONE, expected, Status.MISSING);
  }

  /**
   * Checks a file.
   *
   * @param name the file's name in the data set
   * @param sums SHA-256 by file name: for names ending in .gz that of the file itself, otherwise
   *     that of the decompressed content
   * @param lengths lengths of the data set's decompressed files; a file is never unpacked beyond
   *     the largest of them
   */
  static DatasetCheck of(
      String dataset, String name, Path file, Map<String, String> sums, Map<String, Long> lengths) {
    boolean asItIs = sums.containsKey(name);
    String expected = sums.getOrDefault(asItIs ? name : raw(name), NONE);
    boolean decompress = !asItIs && !expected.equals(NONE) && name.endsWith(GZ);
    String sum;
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        InputStream in = decompress ? new GZIPInputStream(raw, 1 << 16) : raw) {
      sum = decompress ? sum(in, lengths) : Sha256.hex(in);
    } catch (IOException e) {
      LOG.warn("{}: cannot be read ({})", file, e.toString());
      return new DatasetCheck(dataset, file, size(file), NONE, expected, Status.BAD);
    }
    if (expected.equals(NONE)) {
      return new DatasetCheck(dataset, file, size(file), sum, NONE, Status.UNKNOWN);
    }
    Status status = sum.equals(expected) ? Status.OK : Status.BAD;
    return new DatasetCheck(dataset, file, size(file), sum, expected, status);
  }

  /**
   * The checksum of a stream. Its length is limited, because gzip data may unpack to 1,000 times
   * its size or more.
   */
  private static String sum(InputStream in, Map<String, Long> lengths) throws IOException {
    long most = lengths.values().stream().mapToLong(Long::longValue).max().orElse(Long.MAX_VALUE);
    return Sha256.hex(new AtMost(in, most));
  }

  /** A stream that must not be longer than a given number of bytes. */
  private static final class AtMost extends FilterInputStream {
    private final long most;
    private long count;

    private AtMost(InputStream in, long most) {
      super(in);
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int n = super.read(bytes, from, length);
      count += Math.max(n, 0);
      if (count > most) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "it unpacks to more than %,d bytes, the length of the largest file of this data set",
                most));
      }
      return n;
    }
  }

  /** A file's name without {@code .gz}. */
  static String raw(String name) {
    return name.endsWith(GZ) ? name.substring(0, name.length() - GZ.length()) : name;
  }

  /** A file's size, 0 when it cannot be determined. */
  static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
