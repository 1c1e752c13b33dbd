package cnnlab.sweep;

import cnnlab.experiment.WorkPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** Runs trials in this process, so many at once, each on one thread. */
public final class LocalTrialExecutor implements TrialExecutor {
  private final TrialFunction function;
  private final int workers;
  private final Path checkpoints;

  /**
   * @param workers trials at once, at least 1
   * @param checkpoints a folder for the state of trainings that may go on later, or null when none
   *     will; made when missing
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
  public void run(List<Trial> trials, Runnable check, WorkPool.Finished<TrialOutcome> finished)
      throws IOException {
    if (checkpoints != null) {
      Files.createDirectories(checkpoints);
    }
    List<Callable<TrialOutcome>> pieces =
        trials.stream().<Callable<TrialOutcome>>map(t -> () -> run(t, check)).toList();
    WorkPool.run(pieces, workers, check, finished);
  }

  private TrialOutcome run(Trial trial, Runnable check) {
    Path checkpoint = checkpoints == null ? null : checkpoints.resolve(trial.training() + ".bin");
    return function.run(trial, checkpoint, check);
  }

  @Override
  public void close() {
    // Its threads end with each run.
  }
}
