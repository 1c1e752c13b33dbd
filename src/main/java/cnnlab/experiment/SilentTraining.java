package cnnlab.experiment;

import cnnlab.engine.EpochMetrics;
import cnnlab.engine.Trainer;

/** Where many short trainings run side by side, only whole ones are shown. */
final class SilentTraining implements Trainer.Listener {
  @Override
  public void batchDone(int epoch, int images, double loss) {
    // Whoever runs the training says when it is done.
  }

  @Override
  public void epochDone(EpochMetrics metrics) {
    // Likewise.
  }
}
