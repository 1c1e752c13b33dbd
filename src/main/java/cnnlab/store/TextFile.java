package cnnlab.store;

import cnnlab.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One text file outside a run directory. */
public final class TextFile {
  private TextFile() {}

  /**
   * Writes UTF-8 text whole or not at all.
   *
   * @param file replaced when it exists; missing folders are made
   * @throws IOException when the file cannot be written; names it, and nothing half-written is left
   */
  public static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, temporary -> Files.writeString(temporary, text));
  }
}
