package cnnlab.training;

import cnnlab.engine.Engine;
import java.io.IOException;

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

  /**
   * The initial weights, or those after an epoch. Called before the epoch's evaluation and
   * checkpoint, so that a training that is resumed from it has told the weights of every epoch.
   *
   * @param epoch 0 for the initial weights, which a resumed training does not tell again
   * @param engine has these weights; must not be changed
   * @throws IOException when they cannot be kept; ends the training
   */
  default void epochWeights(int epoch, Engine engine) throws IOException {}

  /** An epoch is done, evaluated, and stored in the checkpoint. */
  default void epochDone(EpochMetrics metrics) {}

  /**
   * An epoch is done and was evaluated; called after {@link #epochDone}.
   *
   * @param epoch its weights and predictions
   */
  default void epochEvaluated(EvaluatedEpoch epoch) {}

  /**
   * An epoch of another network is done, one that this training needs first.
   *
   * @param network such as {@code teacher 1/2}
   */
  default void epochBeforeDone(String network, EpochMetrics metrics) {}

  /** A part of the work between trainings is done, such as some predictions of a teacher. */
  default void partDone() {}
}
