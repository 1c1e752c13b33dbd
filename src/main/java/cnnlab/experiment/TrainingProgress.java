package cnnlab.experiment;

import cnnlab.engine.EpochMetrics;
import cnnlab.engine.TrainingListener;
import cnnlab.report.EpochPoint;
import cnnlab.report.Progress;

/** Shows a training as it goes on. */
final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final Progress progress;

  private TrainingProgress(Progress progress) {
    this.progress = progress;
  }

  /**
   * @param epochs how many there are, and how many of them are done already
   */
  static TrainingProgress start(String task, Progress.Epochs epochs, int images, Output out) {
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
