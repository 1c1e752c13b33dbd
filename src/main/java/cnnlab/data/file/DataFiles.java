package cnnlab.data.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Data files by {@link cnnlab.io.AtomicFile}, with the errors of this package. */
public final class DataFiles {
  private DataFiles() {}

  @FunctionalInterface
  public interface Writer {
    public void write(OutputStream out) throws IOException;
  }

  /** Writes a file by its path. */
  @FunctionalInterface
  interface PathWriter {
    public void write(Path path) throws IOException;
  }

  /**
   * @param file the file to create or replace; missing folders are made
   * @param writer writes the content; need not close the stream
   * @throws DataException when the file cannot be written; an older file of that name is then left
   *     as it was
   */
  public static void write(Path file, Writer writer) {
    writePath(
        file,
        temporary -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
            writer.write(out);
          }
        });
  }

  /**
   * As {@link #write}, for writers that want a path; nothing is there when they begin.
   *
   * @throws DataException as {@link #write}
   */
  static void writePath(Path file, PathWriter writer) {
    try {
      cnnlab.io.AtomicFile.write(file, writer::write);
    } catch (IOException e) {
      if (cnnlab.io.AtomicFile.isTemporary(file)) {
        throw new UncheckedIOException(e); // whoever made it names its target
      }
      throw new DataException(
          e.getMessage() + ". Is the folder writable, and the disk not full?", e);
    }
  }
}
