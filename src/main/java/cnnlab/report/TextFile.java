package cnnlab.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** One text file outside a run directory. */
public final class TextFile {
  private TextFile() {}

  /**
   * Writes UTF-8 text to a temporary name beside the file, then moves it there: a reader sees the
   * old file, the new one or none.
   *
   * @param file replaced when it exists; missing folders are made
   * @throws IOException when the file cannot be written; nothing half-written is left
   */
  public static void write(Path file, String text) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Files.createDirectories(directory);
    // Not createTempFile: it makes files that only their owner may read.
    Path temporary = directory.resolve(".tmp-" + UUID.randomUUID() + "-" + file.getFileName());
    try {
      Files.writeString(temporary, text);
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw WriteFault.named(file, e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
