package cnnlab.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checksums as lower-case hexadecimal digits, as {@code md5sum} prints them. */
public enum Checksum {
  SHA_256("SHA-256"),

  /** Detects accidental damage only; some data sets are published with MD5 checksums. */
  MD5("MD5");

  private static final int BUFFER = 1 << 16;

  private final String algorithm;

  Checksum(String algorithm) {
    this.algorithm = algorithm;
  }

  /** The checksum of an array. */
  public String hex(byte[] content) {
    return HexFormat.of().formatHex(digest().digest(content));
  }

  /**
   * The checksum of the rest of a stream, which is read in blocks and not closed.
   *
   * @throws IOException if the stream cannot be read
   */
  public String hex(InputStream in) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      digest.update(buffer, 0, n);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * The checksum of a file.
   *
   * @throws IOException if it cannot be read
   */
  public String hex(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return hex(in);
    }
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
