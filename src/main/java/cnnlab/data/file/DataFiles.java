package cnnlab.data.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes data files atomically, with the exceptions of this package. */
public final class DataFiles {
  private DataFiles() {}

  @FunctionalInterface
  public interface Writer {
    public void write(OutputStream out) throws IOException;
  }

  /** Writes to a path. */
  @FunctionalInterface
  interface PathWriter {
    public void write(Path path) throws IOException;
  }

  /**
   * Writes a file.
   *
   * @param file the file to create or replace; missing folders are created
   * @param writer writes the content; need not close the stream
   * @throws DataException when the file cannot be written; an older file of that name is then
   *     unchanged
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
   * Like {@link #write}, but for writers that need a path. No file exists there when they start.
   *
   * @throws DataException as {@link #write}
   */
  static void writePath(Path file, PathWriter writer) {
    try {
      cnnlab.io.AtomicFile.write(file, writer::write);
    } catch (IOException e) {
      if (cnnlab.io.AtomicFile.isTemporary(file)) {
        throw new UncheckedIOException(e); // the outer call's message names the file
      }
      throw new DataException(
          e.getMessage() + ". Is the folder writable, and is there free space on the disk?", e);
    }
  }
}
