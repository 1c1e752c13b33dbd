package cnnlab.experiment;

import cnnlab.engine.EpochMetrics;
import cnnlab.engine.Trainer;
import cnnlab.report.Numbers;
import java.io.PrintStream;

/**
 * Where trainings run side by side there is no room for a progress bar each: a line for an epoch,
 * but not more than one every half minute for each training.
 */
final class TrainingLog implements Trainer.Listener {
  private static final long QUIET_NANOSECONDS = 30_000_000_000L;

  private final String name;
  private final int epochs;
  private final PrintStream out;
  private long last = System.nanoTime();

  /**
   * @param name of the training
   * @param epochs how many it has at most
   */
  TrainingLog(String name, int epochs, PrintStream out) {
    this.name = name;
    this.epochs = epochs;
    this.out = out;
  }

  @Override
  public void batchDone(int epoch, int images, double loss) {
    // Epochs are enough.
  }

  @Override
  public void epochDone(EpochMetrics m) {
    long now = System.nanoTime();
    if (now - last < QUIET_NANOSECONDS) {
      return;
    }
    last = now;
    out.printf(
        "         %s  epoch %d/%d  loss %s  validation %s%s  %s images/s%n",
        name,
        m.epoch(),
        epochs,
        Numbers.fixed(m.batchLoss(), 4),
        Numbers.fixed(m.validationAccuracy(), 4),
        m.validationAuc() == null ? "" : "  AUC " + Numbers.fixed(m.validationAuc(), 4),
        Numbers.fixed(m.imagesPerSecond(), 0));
  }
}
