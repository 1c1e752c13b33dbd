package cnnlab.sweep;

import cnnlab.config.Checks;
import cnnlab.sweep.space.Axis;
import cnnlab.sweep.space.SearchMethod;
import cnnlab.sweep.trial.SweepTasks;
import java.util.List;
import java.util.Map;

/**
 * The configuration of a sweep; {@code experiments/sweep-task2.yaml} is an example.
 *
 * @param experiment name of the folder under {@code results/}
 * @param task the task that is trained, {@code task2} or {@code task3}
 * @param config the task's configuration file from which the sweep starts, relative to the sweep's
 *     file; empty for the task's defaults
 * @param set keys of the task that override this configuration in all trials
 * @param space the values to try, by the task's dotted keys; see {@link Axis}
 * @param variants named sets of keys ({@code name}, {@code set}), which form one more axis; empty
 *     for those of {@code config}
 * @param claims claims, each with the names of the variants {@code better} and {@code worse}; empty
 *     for those of {@code config}
 * @param search how points of the space are chosen
 * @param seed the seed from which every random stream is derived; null for that of {@code config}
 * @param repetitions number of repetitions of each point, at least 1; all points use the same draws
 *     (random choices of training images); null for that of {@code config}
 * @param objective the score that is optimised
 * @param halving numbers of epochs, ascending, after each of which the worse half of the points is
 *     dropped
 * @param confirm how the best point is confirmed
 * @param maxFailures trials that may fail before the sweep stops, at least 0
 * @param threads number of concurrent trials in this process, 0 for one per core; always one with
 *     DL4J
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

  /** Whether the objective is maximised or minimised. */
  public enum Goal {
    MAXIMISE,
    MINIMISE
  }

  /**
   * How the points are chosen.
   *
   * @param method the method
   * @param points number of points, at least 1; 0 for a grid, whose axes determine it
   * @param limit the largest number of trials (points times repetitions) with which the sweep
   *     starts
   */
  public record Search(SearchMethod method, int points, int limit) {
    public Search {
      Checks.atLeast("limit", limit, 1);
      if (method == SearchMethod.GRID) {
        Checks.require(
            points == 0, "points", points, "0 for a grid, whose axes determine the number");
      } else {
        Checks.atLeast("points", points, 1);
      }
    }
  }

  /**
   * The score that is optimised, on validation images only.
   *
   * @param name a score of the task, such as {@code validationAccuracy}; empty for the task's first
   *     score
   * @param goal null for the natural direction of the score
   */
  public record Objective(String name, Goal goal) {
    /** Whether higher is better; the goal must be set. */
    boolean maximise() {
      return goal == Goal.MAXIMISE;
    }
  }

  /**
   * The confirmation: the best of many points is partly the luckiest, so it is trained again on
   * draws that no trial of the search used, and the score on these is reported.
   *
   * @param repetitions number of trainings, 0 for no confirmation
   * @param base whether the sweep's base configuration is trained on the same draws, for comparison
   */
  public record Confirm(int repetitions, boolean base) {
    public Confirm {
      Checks.repetitions("repetitions", repetitions, 0);
    }
  }

  /** The defaults: a grid over an empty space. */
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
   * @throws IllegalArgumentException if a value is out of range or the space is invalid
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
