package cnnlab.training;

/** Receives the events of a training, on the thread that trains. */
public interface TrainingListener {
  /**
   * A batch is done.
   *
   * @param epoch 1, 2, ...
   * @param images the number of images of the batch
   * @param loss the loss before each step, averaged over the epoch's images so far
   */
  default void batchDone(int epoch, int images, double loss) {}

  /** An epoch is done, evaluated, and stored in the checkpoint. */
  default void epochDone(EpochMetrics metrics) {}
}
