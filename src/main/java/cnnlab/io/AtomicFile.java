package cnnlab.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Writes files atomically: under a temporary name next to the target, then moved into place. A
 * reader sees the old file, the new file or none, never a partial one; each writer has its own
 * temporary file.
 */
public final class AtomicFile {
  private static final String PREFIX = ".tmp-";
  private static final int UNIQUE = 8;

  private AtomicFile() {}

  /** Writes the content. */
  @FunctionalInterface
  public interface Writer {
    /**
     * @param temporary where to write; has the same extension as the target and does not exist yet
     */
    void write(Path temporary) throws IOException;
  }

  /**
   * Writes a file completely or not at all.
   *
   * @param file created or replaced; missing folders are created
   * @return the file
   * @throws IOException if it cannot be written or is a directory; the message names the file. An
   *     existing file is then unchanged, and no partial file remains
   */
  public static Path write(Path file, Writer writer) throws IOException {
    if (isTemporary(file)) {
      writer.write(file); // its creator moves it and reports errors under the name of the target
      return file;
    }
    Path target = file.toAbsolutePath();
    try {
      Files.createDirectories(target.getParent());
      Path temporary = temporary(target);
      try {
        writer.write(temporary);
        move(temporary, target);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (UncheckedIOException e) {
      throw WriteFault.named(file, e.getCause());
    } catch (IOException e) {
      throw WriteFault.named(file, e);
    }
    return file;
  }

  /** A temporary name next to a target; see {@link #isTemporary}. */
  public static Path temporary(Path target) {
    String unique = UUID.randomUUID().toString().substring(0, UNIQUE);
    return target.resolveSibling(PREFIX + unique + "-" + target.getFileName());
  }

  /**
   * Whether a file or folder has a temporary name: an incomplete leftover if no process is writing
   * it.
   */
  public static boolean isTemporary(Path file) {
    return file.getFileName().toString().startsWith(PREFIX);
  }

  /** Moves a complete file or folder into place. */
  public static void move(Path temporary, Path target) throws IOException {
    if (Files.isDirectory(target) && !Files.isDirectory(temporary)) {
      throw new FileSystemException(target.toString(), null, "is a directory");
    }
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
