package cnnlab.io;

import java.io.IOException;
import java.io.InputStream;

/** SHA-256 as 64 lower-case hexadecimal digits, the form that {@code sha256sum} prints. */
public final class Sha256 {
  private Sha256() {}

  /** The sum of an array. */
  public static String hex(byte[] content) {
    return Checksum.SHA_256.hex(content);
  }

  /**
   * The sum of what is left in a stream, read piece by piece; the stream is not closed.
   *
   * @throws IOException when the stream cannot be read
   */
  public static String hex(InputStream in) throws IOException {
    return Checksum.SHA_256.hex(in);
  }
}
