package cnnlab.store;

import cnnlab.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Where a training keeps its state, and which training that is.
 *
 * @param path the file; need not exist
 * @param origin SHA-256, as hexadecimal digits, of all that the state depends on: configuration,
 *     data, program. A state of another origin is refused
 */
public record CheckpointFile(Path path, String origin) {

  /**
   * @param path the file, or null for none
   * @param origin a text of all that the state depends on
   * @return null for no file
   */
  public static CheckpointFile of(Path path, String origin) {
    return path == null
        ? null
        : new CheckpointFile(path, Sha256.hex(origin.getBytes(StandardCharsets.UTF_8)));
  }
}
