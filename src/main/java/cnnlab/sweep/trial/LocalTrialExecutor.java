package cnnlab.sweep.trial;

import cnnlab.experiment.WorkPool;
import cnnlab.training.EpochWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Runs a given number of trials concurrently in this process, each on one thread. */
public final class LocalTrialExecutor implements TrialExecutor {
  private final TrialFunction function;
  private final int workers;
  private final Path checkpoints;

  /**
   * @param workers number of concurrent trials, at least 1
   * @param checkpoints a folder for the states of trainings that may be resumed later, or null if
   *     none will; created if missing
   */
  public LocalTrialExecutor(TrialFunction function, int workers, Path checkpoints) {
    this.function = function;
    this.workers = workers;
    this.checkpoints = checkpoints;
  }

  @Override
  public String describe() {
    return workers == 1 ? "one thread" : workers + " threads";
  }

  @Override
  public void run(
      List<Trial> trials,
      Runnable check,
      Function<Trial, EpochWatcher> watches,
      WorkPool.ResultHandler<TrialOutcome> finished)
      throws IOException {
    if (checkpoints != null) {
      Files.createDirectories(checkpoints);
    }
    List<WorkPool.Job<TrialOutcome>> jobs =
        trials.stream()
            .<WorkPool.Job<TrialOutcome>>map(t -> stop -> run(t, stop, watches.apply(t)))
            .toList();
    WorkPool.run(jobs, workers, check, finished);
  }

  private TrialOutcome run(Trial trial, Runnable check, EpochWatcher watch) {
    Path file = checkpoints == null ? null : checkpoints.resolve(trial.training() + ".bin");
    return function.run(trial, TrialFunction.span(trial, file, check).withListener(watch));
  }

  @Override
  public void close() {
    // The threads end with each run.
  }
}
