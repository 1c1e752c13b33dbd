package cnnlab.run.history;

import cnnlab.store.RunLock;
import cnnlab.store.RunStatus;
import cnnlab.store.RunStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Removes runs that are no longer needed, but never running runs, anything in {@code
 * results/reference}, or directories that are not run directories.
 */
public final class Pruning {
  private static final Path REFERENCE = Path.of("results", "reference");

  private Pruning() {}

  /**
   * Selects the runs that meet all conditions.
   *
   * @param states the states; empty for all except running
   * @param keep number of newest runs of each experiment, among those in these states, that are
   *     kept; 0 or more
   * @param olderThan minimum time since the start, or null
   */
  public record Criteria(Set<State> states, int keep, Duration olderThan) {
    /** Checks the values. */
    public Criteria {
      states = Set.copyOf(states);
      if (states.contains(State.RUNNING)) {
        throw new IllegalArgumentException("running: a running run cannot be removed");
      }
      if (keep < 0) {
        throw new IllegalArgumentException("keep is %d; it must be 0 or more".formatted(keep));
      }
    }

    private boolean hasState(RunSummary run) {
      return run.state() != State.RUNNING && (states.isEmpty() || states.contains(run.state()));
    }

    private boolean isOld(RunSummary run, Instant now) {
      return olderThan == null
          || run.startedAt() != null && run.startedAt().isBefore(now.minus(olderThan));
    }
  }

  /**
   * A run that may be removed.
   *
   * @param run the run
   * @param bytes total size of its files
   */
  public record Candidate(RunSummary run, long bytes) {}

  /**
   * The runs to remove.
   *
   * @param runs newest first, as {@link RunFinder#find} returns them
   * @throws IOException if a directory cannot be read
   */
  public static List<Candidate> plan(List<RunSummary> runs, Criteria criteria, Instant now)
      throws IOException {
    List<Candidate> candidates = new ArrayList<>();
    Map<String, Integer> seen = new TreeMap<>();
    for (RunSummary run : runs) {
      if (!criteria.hasState(run) || isReference(run.run())) {
        continue;
      }
      boolean kept = seen.merge(run.experiment(), 1, Integer::sum) <= criteria.keep;
      if (!kept && criteria.isOld(run, now)) {
        candidates.add(new Candidate(run, bytes(run.run())));
      }
    }
    return candidates;
  }

  /**
   * Removes a run, its {@code status.json} last, so that the rest of an interrupted removal is
   * still found as a run. The folder above is also removed if it becomes empty.
   *
   * @return false, with nothing removed, if the run has been resumed in the meantime
   * @throws IOException if a file cannot be removed
   */
  public static boolean remove(RunSummary run, Instant now) throws IOException {
    Path directory = run.run();
    RunStatus status = RunStatus.read(directory);
    if (status.effectiveState(directory, now) == State.RUNNING || isReference(directory)) {
      return false;
    }
    try (RunLock lock = RunLock.take(directory).orElse(null)) {
      if (lock == null) {
        return false;
      }
      Path statusFile = directory.resolve(RunStatus.FILE);
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          if (!file.equals(statusFile) && !file.equals(directory) && !RunLock.isLock(file)) {
            Files.delete(file);
          }
        }
      }
      Files.delete(statusFile);
      lock.delete();
    }
    Files.delete(directory);
    deleteIfEmpty(directory.toAbsolutePath().getParent());
    return true;
  }

  private static void deleteIfEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      if (entries.findAny().isPresent()) {
        return;
      }
    }
    Files.delete(folder);
  }

  private static boolean isReference(Path run) throws IOException {
    Path real = run.toRealPath();
    for (Path folder = real; folder != null; folder = folder.getParent()) {
      if (folder.endsWith(REFERENCE)) {
        return true;
      }
    }
    return false;
  }

  private static long bytes(Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      long sum = 0;
      for (Path file : files.toList()) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          sum += Files.size(file);
        }
      }
      return sum;
    }
  }
}
