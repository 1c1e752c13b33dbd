package cnnlab.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** One JSON file outside a run directory. */
public final class JsonFile {
  private JsonFile() {}

  /** The text that {@link #write} would write. */
  public static String text(Object value) throws IOException {
    return Json.json(value);
  }

  /**
   * Writes a value as {@link RunDirectory#writeJson} does: to a temporary name, then moved.
   *
   * @throws IOException when the file cannot be written; nothing half-written is left
   */
  public static void write(Path file, Object value) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Files.createDirectories(directory);
    // Not createTempFile: it makes files that only their owner may read.
    Path temporary = directory.resolve(".tmp-" + UUID.randomUUID() + "-" + file.getFileName());
    try {
      Files.writeString(temporary, Json.json(value));
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
