package cnnlab.cli.option;

import cnnlab.config.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Files that a user names to be written. An older file is replaced, but never one that the command
 * reads, by whatever path or link it is named; and never a folder or a device. Of a symbolic link
 * the file it leads to is written, and the link stays.
 */
public final class OutputPaths {
  private static final int MOST_LINKS = 40;

  private OutputPaths() {}

  /**
   * Checks a path before the work begins.
   *
   * @param option who names it, such as {@code "--out"}
   * @param path the file to write, or null for none
   * @param read what the command reads, by the words for it; values may be null
   * @return the path to write to, links followed; null for null
   * @throws UsageException when something else would be lost
   */
  public static Path file(String option, Path path, Map<String, Path> read) {
    if (path == null) {
      return null;
    }
    try {
      Path target = followed(option, path);
      if (Files.isDirectory(target)) {
        throw new UsageException("%s: %s is a folder; name a file".formatted(option, path));
      }
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        throw new UsageException(
            "%s: %s is a device or a pipe, which cannot be replaced by a whole file; name a file"
                .formatted(option, path));
      }
      for (Map.Entry<String, Path> input : read.entrySet()) {
        if (same(target, input.getValue())) {
          throw new UsageException(
              "%s: %s is the file that %s names (%s) and would be overwritten; name another file"
                  .formatted(option, path, input.getKey(), input.getValue()));
        }
      }
      return target;
    } catch (IOException e) {
      throw new UsageException(
          "%s: %s cannot be looked at (%s); name another file".formatted(option, path, e), e);
    }
  }

  /**
   * Checks a directory that will be made, before the work begins.
   *
   * @param directory may be null for none
   * @throws UsageException when it is a file, or not empty
   */
  public static void directory(String option, Path directory) {
    if (directory == null || !Files.exists(directory)) {
      return;
    }
    if (!Files.isDirectory(directory)) {
      throw new UsageException(
          "%s: %s is a file; name a new or an empty directory".formatted(option, directory));
    }
    try (Stream<Path> entries = Files.list(directory)) {
      if (entries.findAny().isPresent()) {
        throw new UsageException(
            "%s: %s is not empty; name a new or an empty directory, so that no earlier run is overwritten"
                .formatted(option, directory));
      }
    } catch (IOException e) {
      throw new UsageException(
          "%s: %s cannot be read (%s); name another directory".formatted(option, directory, e), e);
    }
  }

  /** Whether both are, or will be, the same file. */
  private static boolean same(Path a, Path b) throws IOException {
    if (b == null) {
      return false;
    }
    return Files.exists(a) && Files.exists(b)
        ? Files.isSameFile(a, b)
        : a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
  }

  /** The end of a chain of symbolic links, which need not exist. */
  private static Path followed(String option, Path path) throws IOException {
    Path at = path;
    for (int i = 0; i < MOST_LINKS; i++) {
      if (!Files.isSymbolicLink(at)) {
        return at;
      }
      at = at.resolveSibling(Files.readSymbolicLink(at));
    }
    throw new UsageException(
        "%s: %s is a symbolic link that leads in a circle; name a file".formatted(option, path));
  }
}
