package cnnlab.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Puts the file's name into what the operating system says: its messages name none ("No space left
 * on device") or a temporary one.
 */
public final class WriteFault {
  private WriteFault() {}

  /**
   * @param file the file that was to be written
   * @return the fault itself when it begins with the file's name, else one that does
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
