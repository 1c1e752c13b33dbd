package cnnlab.store;

import cnnlab.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a text file outside a run directory. */
public final class TextFile {
  private TextFile() {}

  /**
   * Writes UTF-8 text completely or not at all.
   *
   * @param file replaced if it exists; missing folders are created
   * @throws IOException if the file cannot be written; the message names it, and no partial file
   *     remains
   */
  public static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, temporary -> Files.writeString(temporary, text));
  }
}
