package cnnlab.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;

/**
 * Named random streams. Every stream of a run (split, initialisation, shuffle, augmentation,
 * dropout) is derived from the seed of its configuration and the name of the stream, so that a new
 * stream does not change the others.
 */
public final class Seeds {
  private Seeds() {}

  /**
   * Derives the seed of a named stream.
   *
   * @param seed the parent seed, any value
   * @param stream the stream's name, such as {@code "shuffle"} or {@code "repetition-3"}
   * @return the first eight bytes of SHA-256(seed, stream), big-endian
   */
  public static long derive(long seed, String stream) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).array());
      digest.update(stream.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A generator for the named stream; see {@link #derive}. */
  public static SplittableRandom random(long seed, String stream) {
    return new SplittableRandom(derive(seed, stream));
  }
}
