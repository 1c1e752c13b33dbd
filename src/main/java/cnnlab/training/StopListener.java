package cnnlab.training;

/**
 * Stops a training when the user stops the run. A training whose last batch is done still finishes.
 *
 * @param check called after each batch and each other part of the work; throws an exception to end
 *     the training
 */
public record StopListener(Runnable check) implements TrainingListener {
  @Override
  public void batchDone(int epoch, int images, double loss) {
    check.run();
  }

  @Override
  public void partDone() {
    check.run();
  }
}
