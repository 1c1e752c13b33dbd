package cnnlab.cli.option;

import cnnlab.config.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Checks of output files named by the user. An existing file is replaced, but never one that the
 * command reads, under any path or link, and never a folder or a device. If the path is a symbolic
 * link, the file it leads to is written and the link stays.
 */
public final class OutputPaths {
  private static final int MOST_LINKS = 40;

  private OutputPaths() {}

  /**
   * Checks a path before the work begins.
   *
   * @param option the option that names it, such as {@code "--out"}
   * @param path the file to write, or null for none
   * @param read the files that the command reads, by what errors call them; values may be null
   * @return the path to write to, with links followed; null if {@code path} is null
   * @throws UsageException if writing would destroy anything else
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
          "%s: %s cannot be checked (%s); name another file".formatted(option, path, e), e);
    }
  }

  /**
   * Checks a directory to be created, before the work begins.
   *
   * @param directory may be null for none
   * @throws UsageException if it is a file, or not empty
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

  /** Whether both are the same file, or will be. */
  private static boolean same(Path a, Path b) throws IOException {
    if (b == null) {
      return false;
    }
    return Files.exists(a) && Files.exists(b)
        ? Files.isSameFile(a, b)
        : a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
  }

  /** The target of a chain of symbolic links, which need not exist. */
  private static Path followed(String option, Path path) throws IOException {
    Path at = path;
    for (int i = 0; i < MOST_LINKS; i++) {
      if (!Files.isSymbolicLink(at)) {
        return at;
      }
      at = at.resolveSibling(Files.readSymbolicLink(at));
    }
    throw new UsageException(
        "%s: %s is a symbolic link that leads back to itself; name a file".formatted(option, path));
  }
}
