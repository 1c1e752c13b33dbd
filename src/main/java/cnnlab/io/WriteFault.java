package cnnlab.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Adds the file's name to an error of the operating system, whose messages name no file ("No space
 * left on device") or a temporary one.
 */
public final class WriteFault {
  private WriteFault() {}

  /**
   * @param file the file that could not be written
   * @return the exception itself if its message begins with the file's name, otherwise one whose
   *     message does
   */
  public static IOException named(Path file, IOException e) {
    String reason = reason(e);
    return reason.startsWith(file + ": ")
        ? e
        : new IOException("%s: cannot be written (%s)".formatted(file, reason), e);
  }

  private static String reason(IOException e) {
    if (!(e instanceof FileSystemException f)) {
      return String.valueOf(e.getMessage());
    }
    return f.getReason() == null
        ? e.getClass().getSimpleName() + ": " + f.getFile()
        : f.getReason();
  }
}
