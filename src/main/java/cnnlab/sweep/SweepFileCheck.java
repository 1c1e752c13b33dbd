package cnnlab.sweep;

import cnnlab.config.ConfigLoader;
import cnnlab.config.UsageException;
import cnnlab.experiment.TrialTask;
import cnnlab.sweep.trial.SweepTasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Detects a task's file where a sweep's file is expected. Both kinds may have variants, claims,
 * seed and repetitions, so a task's file could be mistaken for a sweep, even for one of another
 * task.
 */
final class SweepFileCheck {
  private static final List<String> OF_SWEEP = keys(SweepConfig.class, SweepConfig.DEFAULT);

  private SweepFileCheck() {}

  /**
   * Rejects the file of a task. Missing files, and files with keys that belong to neither kind, are
   * left to the configuration loader.
   *
   * @param file may be null
   * @param sets the {@code key=value} settings of the command line
   * @throws UsageException if the file has only keys of a task, and none that only a sweep has;
   *     names the sweep that uses it
   */
  static void requireSweepFile(Path file, List<String> sets) {
    if (file == null || !Files.isRegularFile(file)) {
      return;
    }
    List<String> found = ConfigLoader.topKeys(file);
    List<String> tasks =
        SweepTasks.NAMES.stream().filter(name -> keys(name).containsAll(found)).toList();
    List<String> own =
        OF_SWEEP.stream()
            .filter(key -> SweepTasks.NAMES.stream().noneMatch(name -> keys(name).contains(key)))
            .toList();
    boolean sweep =
        Stream.concat(found.stream(), sets.stream().map(set -> set.split("[.=]", 2)[0]))
            .anyMatch(own::contains);
    if (found.isEmpty() || tasks.isEmpty() || sweep) {
      return;
    }
    throw new UsageException(
        "%s is a configuration of %s, not a sweep: it has no key that only a sweep has (%s). Run it with %s, or refer to it in a sweep's file with task: %s and config: %s%s"
            .formatted(
                file,
                String.join(" or ", tasks),
                String.join(", ", own),
                tasks.stream()
                    .map(task -> "./cnnlab %s --config %s".formatted(task, file))
                    .collect(Collectors.joining(" or ")),
                String.join(" or ", tasks),
                file.getFileName(),
                ready(file)));
  }

  /** The project's own sweep of this configuration, if there is one. */
  private static String ready(Path file) {
    Path sweep = file.resolveSibling("sweep-" + file.getFileName());
    return Files.isRegularFile(sweep) ? ", as in %s".formatted(sweep) : "";
  }

  private static List<String> keys(String task) {
    return keys(SweepTasks.of(task, null));
  }

  private static <C extends Record> List<String> keys(TrialTask<C> task) {
    return keys(task.type(), task.defaults());
  }

  private static <C extends Record> List<String> keys(Class<C> type, C defaults) {
    return ConfigLoader.keys(type, defaults).stream()
        .map(key -> key.key().replaceFirst("\\..*", ""))
        .distinct()
        .toList();
  }
}
