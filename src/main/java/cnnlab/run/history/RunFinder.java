package cnnlab.run.history;

import cnnlab.store.RunStatus;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds run directories: those with a {@code status.json}. Links are not followed. */
public final class RunFinder {
  private static final Logger LOG = LoggerFactory.getLogger(RunFinder.class);
  private static final int DEPTH = 6;
  private static final Comparator<RunSummary> NEWEST_FIRST =
      Comparator.comparing(
              RunSummary::startedAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
          .reversed()
          .thenComparing(RunSummary::run);

  private RunFinder() {}

  /**
   * All runs below a directory, newest first. A run whose files are damaged is left out, with a
   * warning that names the file.
   *
   * @param results the folder, such as {@code results}; may be missing
   * @param now the current time
   * @throws IOException if a directory cannot be read
   */
  public static List<RunSummary> find(Path results, Instant now) throws IOException {
    List<RunSummary> runs = new ArrayList<>();
    for (Path directory : directories(results)) {
      try {
        runs.add(RunSummary.read(directory, now));
      } catch (IOException e) {
        LOG.warn("left out: {}", e.getMessage());
      }
    }
    runs.sort(NEWEST_FIRST);
    return runs;
  }

  /**
   * The run that a user names by its directory, by its path below the results folder, or by the
   * last part of that path if it is unique.
   *
   * @param name such as {@code results/task1/20261125-120000-1}, {@code reference/task1} or {@code
   *     20261125-120000-1}
   * @throws IllegalArgumentException if there is no such run, or several; the message lists them
   * @throws IOException if a directory cannot be read
   */
  public static Path named(String name, Path results) throws IOException {
    for (Path path : List.of(Path.of(name), results.resolve(name))) {
      if (Files.isRegularFile(path.resolve(RunStatus.FILE))) {
        return path;
      }
    }
    List<Path> all = directories(results);
    List<Path> found = all.stream().filter(run -> run.endsWith(name)).toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    throw new IllegalArgumentException(
        found.isEmpty()
            ? "%s: no such run; `cnnlab runs` lists those below %s".formatted(name, results)
            : "%s: %d runs have this name; name one by its path: %s"
                .formatted(
                    name,
                    found.size(),
                    found.stream().map(Path::toString).collect(Collectors.joining(", "))));
  }

  private static List<Path> directories(Path results) throws IOException {
    List<Path> runs = new ArrayList<>();
    if (!Files.isDirectory(results)) {
      return runs;
    }
    Files.walkFileTree(
        results,
        EnumSet.noneOf(FileVisitOption.class),
        DEPTH,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes about) {
            if (!Files.isRegularFile(directory.resolve(RunStatus.FILE))) {
              return FileVisitResult.CONTINUE;
            }
            runs.add(directory);
            return FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            LOG.warn("left out: {}", e.toString());
            return FileVisitResult.CONTINUE;
          }
        });
    return runs;
  }
}
