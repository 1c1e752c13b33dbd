package cnnlab.store;

import java.io.IOException;
import java.nio.file.Path;

/** Writes a JSON file outside a run directory. */
public final class JsonFile {
  private JsonFile() {}

  /** The text that {@link #write} writes. */
  public static String text(Object value) throws IOException {
    return Json.toJson(value);
  }

  /**
   * Writes a value atomically, in the format of {@link RunDirectory#writeJson}.
   *
   * @throws IOException if the file cannot be written; no partial file remains
   */
  public static void write(Path file, Object value) throws IOException {
    TextFile.write(file, Json.toJson(value));
  }
}
