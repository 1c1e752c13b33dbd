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
 * A task's file where a sweep's is expected. Both may have variants, claims, seed and repetitions,
 * so that it could be taken for a sweep, and for one of another task.
 */
final class SweepFileCheck {
  private static final List<String> OF_SWEEP = keys(SweepConfig.class, SweepConfig.DEFAULT);

  private SweepFileCheck() {}

  /**
   * Refuses it. What is no file, or has a key that neither has, is left to whoever reads it.
   *
   * @param file may be null
   * @param sets {@code key=value} each, set beside it
   * @throws UsageException when the file has keys of a task alone, and none of a sweep's own; says
   *     which sweep takes it
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
        "%s is a configuration of %s, not a sweep: it has no key that only a sweep has (%s). Give it to %s, or name it in a sweep's file, by task: %s and config: %s%s"
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

  /** The sweep of it that comes with the project. */
  private static String ready(Path file) {
    Path sweep = file.resolveSibling("sweep-" + file.getFileName());
    return Files.isRegularFile(sweep) ? ", as %s does".formatted(sweep) : "";
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
