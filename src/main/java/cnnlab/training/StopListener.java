package cnnlab.training;

/**
 * Stops a training when the user stops the run. A training whose last batch is done is finished.
 *
 * @param check called after each batch; ends the training by an exception
 */
public record StopListener(Runnable check) implements TrainingListener {
  @Override
  public void batchDone(int epoch, int images, double loss) {
    check.run();
  }
}
