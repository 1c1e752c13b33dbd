package cnnlab.training;

import cnnlab.console.PoolProgress;
import java.io.OutputStream;
import java.io.PrintStream;

/** Follows one of several trainings that run side by side, for the user. */
public final class EpochWatcher implements TrainingListener {
  private final PoolProgress progress;
  private final TrainingLog log;
  private volatile int epochs;

  /**
   * @param name of the training
   * @param epochs how many it has at most
   */
  public EpochWatcher(String name, int epochs, PoolProgress progress) {
    this.progress = progress;
    this.log = new TrainingLog(name, epochs, progress::line);
  }

  /** Tells nobody. */
  public static EpochWatcher silent() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new EpochWatcher("", 1, PoolProgress.start(nowhere, false, 1));
  }

  /** How many epochs are done, those of an earlier process included. */
  public int epochs() {
    return epochs;
  }

  @Override
  public void epochDone(EpochMetrics metrics) {
    // By the thread that trains alone. A training that is resumed begins after its checkpoint.
    int before = metrics.epoch() - 1 - epochs;
    if (before > 0) {
      progress.epochsSkipped(before);
    }
    epochs = metrics.epoch();
    progress.epochsDone(1);
    log.epochDone(metrics);
  }
}
