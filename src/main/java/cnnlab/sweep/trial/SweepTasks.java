package cnnlab.sweep.trial;

import cnnlab.data.Datasets;
import cnnlab.experiment.TrialTask;
import cnnlab.task2.Task2Trials;
import cnnlab.task3.Task3Trials;
import java.util.List;

/** The registry of the tasks that a sweep can run; a new task needs a line in each member. */
public final class SweepTasks {
  /** The names of the tasks. */
  public static final List<String> NAMES = List.of(Task2Trials.NAME, Task3Trials.NAME);

  /**
   * A task by its name.
   *
   * @param datasets the data sets, read when first needed
   * @throws IllegalArgumentException if there is no task of this name; lists the valid names
   */
  public static TrialTask<?> of(String name, Datasets datasets) {
    return switch (name) {
      case Task2Trials.NAME -> new Task2Trials(datasets);
      case Task3Trials.NAME -> new Task3Trials(datasets);
      default ->
          throw new IllegalArgumentException(
              "task is %s; it must be one of %s".formatted(name, String.join(", ", NAMES)));
    };
  }

  private SweepTasks() {}
}
