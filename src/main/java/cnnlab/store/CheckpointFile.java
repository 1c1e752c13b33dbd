package cnnlab.store;

import cnnlab.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The file that holds a training's state, and the identity of that training.
 *
 * @param path the file; need not exist
 * @param origin SHA-256, as hexadecimal digits, of everything that the state depends on:
 *     configuration, data, program. A state of another origin is rejected
 */
public record CheckpointFile(Path path, String origin) {

  /**
   * @param path the file, or null for none
   * @param origin a text that lists everything the state depends on
   * @return null if {@code path} is null
   */
  public static CheckpointFile of(Path path, String origin) {
    return path == null
        ? null
        : new CheckpointFile(path, Sha256.hex(origin.getBytes(StandardCharsets.UTF_8)));
  }
}
