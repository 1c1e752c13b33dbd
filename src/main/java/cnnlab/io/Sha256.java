package cnnlab.io;

import java.io.IOException;
import java.io.InputStream;

/** SHA-256 as 64 lower-case hexadecimal digits, as {@code sha256sum} prints them. */
public final class Sha256 {
  private Sha256() {}

  /** The checksum of an array. */
  public static String hex(byte[] content) {
    return Checksum.SHA_256.hex(content);
  }

  /**
   * The checksum of the rest of a stream, which is read in blocks and not closed.
   *
   * @throws IOException if the stream cannot be read
   */
  public static String hex(InputStream in) throws IOException {
    return Checksum.SHA_256.hex(in);
  }
}
