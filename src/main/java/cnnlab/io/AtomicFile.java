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
 * The one way in which files are written: under a temporary name beside the target, then moved. A
 * reader sees the old file, the new one or none, never half of one; two writers do not meet in one
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
     * @param temporary where to write, with the same ending as the target; nothing is there
     */
    void write(Path temporary) throws IOException;
  }

  /**
   * Writes a file whole or not at all.
   *
   * @param file created or replaced; missing folders are made
   * @return the file
   * @throws IOException when it cannot be written, or is a directory; names the file. An older file
   *     is then as it was, and nothing half-written is left
   */
  public static Path write(Path file, Writer writer) throws IOException {
    if (isTemporary(file)) {
      writer.write(file); // whoever made it moves it, and names its target
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

  /** The name beside a target under which it is written; see {@link #isTemporary}. */
  public static Path temporary(Path target) {
    String unique = UUID.randomUUID().toString().substring(0, UNIQUE);
    return target.resolveSibling(PREFIX + unique + "-" + target.getFileName());
  }

  /** Whether a file or folder is what a process that was killed left half-written. */
  public static boolean isTemporary(Path file) {
    return file.getFileName().toString().startsWith(PREFIX);
  }

  /** Moves a complete file or folder into its place. */
  public static void move(Path temporary, Path target) throws IOException {
    if (Files.isDirectory(target) && !Files.isDirectory(temporary)) {
      throw new FileSystemException(target.toString(), null, "a directory is there");
    }
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
