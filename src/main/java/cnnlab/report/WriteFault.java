package cnnlab.report;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Puts the file's name into what the operating system says: "No space left" names none. */
final class WriteFault {
  private WriteFault() {}

  /**
   * @param file the file that was to be written
   * @return the fault itself when it names a file, else one that does
   */
  static IOException named(Path file, IOException e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof FileSystemException || message.contains(String.valueOf(file.getFileName()))) {
      return e;
    }
    return new IOException(
        "%s: cannot be written (%s). Is the disk full?".formatted(file, message), e);
  }
}
