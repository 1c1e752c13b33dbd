package cnnlab.training;

/** Receives the events of a training, on the thread that trains. */
public interface TrainingListener {
  /**
   * A batch is done.
   *
   * @param epoch 1, 2, ...
   * @param images of the batch
   * @param loss the mean over the epoch's images so far of the loss before each step
   */
  default void batchDone(int epoch, int images, double loss) {}

  /** An epoch is done, evaluated, and in the checkpoint. */
  default void epochDone(EpochMetrics metrics) {}
}
