package cnnlab.training;

import cnnlab.console.PoolProgress;
import java.io.OutputStream;
import java.io.PrintStream;

/** Reports the progress of one of several parallel trainings to the user. */
public final class EpochWatcher implements TrainingListener {
  private final PoolProgress progress;
  private final TrainingLog log;
  private volatile int epochs;

  /**
   * @param name of the training
   * @param epochs upper limit on its epochs
   */
  public EpochWatcher(String name, int epochs, PoolProgress progress) {
    this.progress = progress;
    this.log = new TrainingLog(name, epochs, progress::line);
  }

  /** A watcher without output. */
  public static EpochWatcher silent() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new EpochWatcher("", 1, PoolProgress.start(nowhere, false, 1));
  }

  /** The number of completed epochs, including those of an earlier process. */
  public int epochs() {
    return epochs;
  }

  @Override
  public void epochDone(EpochMetrics metrics) {
    // Called by the training thread only. A resumed training starts after its checkpoint.
    int before = metrics.epoch() - 1 - epochs;
    if (before > 0) {
      progress.epochsSkipped(before);
    }
    epochs = metrics.epoch();
    progress.epochsDone(1);
    log.epochDone(metrics);
  }

  @Override
  public void epochBeforeDone(String network, EpochMetrics metrics) {
    log.epochBeforeDone(network, metrics);
  }
}
