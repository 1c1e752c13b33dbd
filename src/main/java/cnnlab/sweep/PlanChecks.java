package cnnlab.sweep;

import cnnlab.config.ConfigLoader;
import cnnlab.config.NearestKey;
import cnnlab.experiment.TrialTask;
import cnnlab.sweep.SweepConfig.Goal;
import cnnlab.sweep.SweepConfig.Objective;
import cnnlab.sweep.space.SearchMethod;
import cnnlab.sweep.space.Space;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks of a sweep's configuration. Each throws an IllegalArgumentException that names the key,
 * what was found, what is expected, and what to do.
 */
final class PlanChecks {
  private PlanChecks() {}

  /** Requires that the task has the keys that are varied. */
  static <C extends Record> void requireKnownKeys(TrialTask<C> task, Set<String> keys) {
    List<String> known =
        ConfigLoader.keys(task.type(), task.defaults()).stream()
            .map(ConfigLoader.Key::key)
            .toList();
    for (String key : keys) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            "space: unknown key \"%s\" of %s; %s"
                .formatted(
                    key,
                    task.name(),
                    NearestKey.of(key, known)
                        .map(near -> "did you mean \"" + near + "\"?")
                        .orElse("known keys: " + String.join(", ", known))));
      }
    }
  }

  /** Requires a finite number of trials within the limit. */
  static void requireTrialLimit(Space space, SweepConfig.Search search, int repetitions) {
    boolean grid = search.method() == SearchMethod.GRID;
    if (grid) {
      space
          .continuousAxis()
          .ifPresent(
              axis -> {
                throw new IllegalArgumentException(
                    "space: %s is a range without steps, so a grid over it would be infinite; give it steps: n, or set search: {method: sobol, points: n}"
                        .formatted(axis.name()));
              });
    }
    BigInteger points = grid ? space.size() : BigInteger.valueOf(search.points());
    BigInteger trials = points.multiply(BigInteger.valueOf(repetitions));
    if (trials.compareTo(BigInteger.valueOf(search.limit())) > 0) {
      throw new IllegalArgumentException(
          "search: %,d points%s, %d times each: %,d trials, more than limit: %,d; raise search.limit if you mean it, or reduce the number of points"
              .formatted(
                  points,
                  grid ? " (" + space.sizes() + ")" : "",
                  repetitions,
                  trials,
                  search.limit()));
    }
  }

  /** The objective with its defaults resolved; requires that the task has the score. */
  static Objective resolveObjective(TrialTask<?> task, Objective asked) {
    Map<String, Boolean> scores = task.scores();
    String name = asked.name().isEmpty() ? scores.keySet().iterator().next() : asked.name();
    if (!scores.containsKey(name)) {
      throw new IllegalArgumentException(
          "objective: name is %s, which is not a score of %s; %sexpected one of %s"
              .formatted(
                  name,
                  task.name(),
                  NearestKey.of(name, scores.keySet())
                      .map(near -> "did you mean %s? ".formatted(near))
                      .orElse(""),
                  String.join(", ", scores.keySet())));
    }
    Goal usual = Boolean.TRUE.equals(scores.get(name)) ? Goal.MAXIMISE : Goal.MINIMISE;
    return new Objective(name, asked.goal() == null ? usual : asked.goal());
  }
}
