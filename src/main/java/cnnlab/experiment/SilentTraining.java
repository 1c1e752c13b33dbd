package cnnlab.experiment;

import cnnlab.engine.EpochMetrics;
import cnnlab.engine.Trainer;

/**
 * Where many short trainings run side by side, only whole ones are shown.
 *
 * @param check called after each batch, to stop the training by an exception
 */
record SilentTraining(Runnable check) implements Trainer.Listener {
  @Override
  public void batchDone(int epoch, int images, double loss) {
    check.run();
  }

  @Override
  public void epochDone(EpochMetrics metrics) {
    // Whoever runs the training says when it is done.
  }
}
