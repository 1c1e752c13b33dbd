package cnnlab.store;

import java.io.IOException;
import java.nio.file.Path;

/** One JSON file outside a run directory. */
public final class JsonFile {
  private JsonFile() {}

  /** The text that {@link #write} would write. */
  public static String text(Object value) throws IOException {
    return Json.toJson(value);
  }

  /**
   * Writes a value as {@link RunDirectory#writeJson} does: to a temporary name, then moved.
   *
   * @throws IOException when the file cannot be written; nothing half-written is left
   */
  public static void write(Path file, Object value) throws IOException {
    TextFile.write(file, Json.toJson(value));
  }
}
