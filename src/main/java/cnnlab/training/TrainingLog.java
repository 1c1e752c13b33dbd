package cnnlab.training;

import cnnlab.text.Numbers;
import java.util.function.Consumer;

/**
 * Progress lines of parallel trainings, which have no room for a progress bar each: one line per
 * epoch, but at most one every half minute for each training.
 */
final class TrainingLog implements TrainingListener {
  private static final long QUIET_NANOSECONDS = 30_000_000_000L;

  private final String name;
  private final int epochs;
  private final Consumer<String> out;
  private long last = System.nanoTime();

  /**
   * @param name of the training
   * @param epochs upper limit on its epochs
   * @param out receives the lines
   */
  TrainingLog(String name, int epochs, Consumer<String> out) {
    this.name = name;
    this.epochs = epochs;
    this.out = out;
  }

  @Override
  public void epochDone(EpochMetrics m) {
    line(name, m);
  }

  @Override
  public void epochBeforeDone(String network, EpochMetrics m) {
    line(name + " " + network, m);
  }

  private void line(String network, EpochMetrics m) {
    long now = System.nanoTime();
    if (now - last < QUIET_NANOSECONDS) {
      return;
    }
    last = now;
    out.accept(
        "         %s  epoch %s/%s  loss %s%s%s  %s images/s"
            .formatted(
                network,
                m.epoch(),
                epochs,
                Numbers.fixed(m.batchLoss(), 4),
                shown("  validation ", m.validationAccuracy()),
                shown("  AUC ", m.validationAuc()),
                Numbers.fixed(m.imagesPerSecond(), 0)));
  }

  /** Not every epoch is evaluated, and not every data set has an area under the ROC curve. */
  private static String shown(String name, Double value) {
    return value == null || value.isNaN() ? "" : name + Numbers.fixed(value, 4);
  }
}
