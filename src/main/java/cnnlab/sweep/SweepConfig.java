package cnnlab.sweep;

import cnnlab.config.Checks;
import cnnlab.sweep.space.Axis;
import cnnlab.sweep.space.SearchMethod;
import cnnlab.sweep.trial.SweepTasks;
import java.util.List;
import java.util.Map;

/**
 * A sweep; {@code experiments/sweep-task2.yaml} shows one.
 *
 * @param experiment the folder under {@code results/}
 * @param task whose trainings are run, {@code task2} or {@code task3}
 * @param config the task's configuration that the sweep begins with, a file named relative to this
 *     one; empty for the task's defaults
 * @param set keys of the task that differ from it, in all trials
 * @param space by the task's dotted keys what is tried; see {@link Axis}
 * @param variants each {@code name} with {@code set}: named sets of keys, one more axis; empty for
 *     those of {@code config}
 * @param claims each {@code claim} with {@code better} and {@code worse}: names of variants; empty
 *     for those of {@code config}
 * @param search which points of the space are tried
 * @param seed from which every random stream is derived; null for that of {@code config}
 * @param repetitions of each point, on the same draws for all points, at least 1; null for those of
 *     {@code config}
 * @param objective what is sought
 * @param halving epochs, ascending, after each of which the worse half of the points is dropped
 * @param confirm how the best point is looked at once more
 * @param maxFailures trials that may fail before the sweep stops, at least 0
 * @param threads trials at once in this process, 0 for one per core; always one where DL4J trains
 */
public record SweepConfig(
    String experiment,
    String task,
    String config,
    Map<String, Object> set,
    Map<String, Object> space,
    List<Map<String, Object>> variants,
    List<Map<String, Object>> claims,
    Search search,
    Long seed,
    Integer repetitions,
    Objective objective,
    List<Integer> halving,
    Confirm confirm,
    int maxFailures,
    int threads) {

  /** Which way the objective should go. */
  public enum Goal {
    MAXIMISE,
    MINIMISE
  }

  /**
   * Which points are tried.
   *
   * @param method how they are chosen
   * @param points how many, at least 1; 0 in a grid, which has as many as its axes make
   * @param limit trials (points times repetitions) above which the sweep does not begin
   */
  public record Search(SearchMethod method, int points, int limit) {
    public Search {
      Checks.atLeast("limit", limit, 1);
      if (method == SearchMethod.GRID) {
        Checks.require(
            points == 0, "points", points, "0 in a grid, which has as many as its axes make");
      } else {
        Checks.atLeast("points", points, 1);
      }
    }
  }

  /**
   * What is sought, on validation images alone.
   *
   * @param name a score of the task, such as {@code validationAccuracy}; empty for its first
   * @param goal null for what is better for this score
   */
  public record Objective(String name, Goal goal) {
    /** Whether more is better; the goal must be known. */
    boolean maximise() {
      return goal == Goal.MAXIMISE;
    }
  }

  /**
   * The best of many is partly the luckiest, so it is trained again on draws that no trial of the
   * search had, and that is what is reported.
   *
   * @param repetitions how often, 0 for not
   * @param base whether the configuration that the sweep began with is trained on the same draws,
   *     to be compared with
   */
  public record Confirm(int repetitions, boolean base) {
    public Confirm {
      Checks.repetitions("repetitions", repetitions, 0);
    }
  }

  /** A grid of nothing. */
  public static final SweepConfig DEFAULT =
      new SweepConfig(
          "sweep",
          "task2",
          "",
          Map.of(),
          Map.of(),
          List.of(),
          List.of(),
          new Search(SearchMethod.GRID, 0, 1000),
          null,
          null,
          new Objective("", null),
          List.of(),
          new Confirm(5, true),
          20,
          0);

  /**
   * @throws IllegalArgumentException when a value is out of range, or the space is not one
   */
  public SweepConfig {
    Checks.folderName("experiment", experiment);
    Checks.require(
        SweepTasks.NAMES.contains(task),
        "task",
        task,
        "one of " + String.join(", ", SweepTasks.NAMES));
    if (repetitions != null) {
      Checks.repetitions("repetitions", repetitions, 1);
    }
    for (int i = 0; i < halving.size(); i++) {
      Checks.require(
          halving.get(i) > (i == 0 ? 0 : halving.get(i - 1)),
          "halving",
          halving,
          "epochs of at least 1, ascending, such as [10, 20]");
    }
    Checks.atLeast("maxFailures", maxFailures, 0);
    Checks.atLeast("threads", threads, 0);
    space.forEach(Axis::of);
  }
}
