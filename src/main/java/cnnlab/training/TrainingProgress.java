package cnnlab.training;

import cnnlab.console.EpochPoint;
import cnnlab.console.Output;
import cnnlab.console.Progress;

/** Shows the progress of a training in the terminal. */
public final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final Progress progress;

  private TrainingProgress(Progress progress) {
    this.progress = progress;
  }

  /**
   * Starts the display.
   *
   * @param task the label
   * @param epochs the number of epochs, and how many are already done
   * @param images training images per epoch
   */
  public static TrainingProgress start(
      String task, Progress.Epochs epochs, int images, Output out) {
    Progress progress = Progress.forTerminal(out.progress(), out.decorated());
    progress.start(task, epochs, images);
    return new TrainingProgress(progress);
  }

  @Override
  public void batchDone(int epoch, int images, double loss) {
    progress.step(images, loss);
  }

  @Override
  public void epochDone(EpochMetrics metrics) {
    progress.epochDone(point(metrics));
  }

  @Override
  public void close() {
    progress.close();
  }

  static EpochPoint point(EpochMetrics m) {
    return new EpochPoint(
        m.epoch(), m.trainLoss(), m.trainAccuracy(), m.validationLoss(), m.validationAccuracy());
  }
}
