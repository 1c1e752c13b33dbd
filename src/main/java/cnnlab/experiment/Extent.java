package cnnlab.experiment;

import cnnlab.engine.CheckpointFile;
import cnnlab.engine.Trainer;
import java.nio.file.Path;

/**
 * How far a training goes on the way of its configuration, from where, and who is told. The
 * learning rate's schedule is that of all the configuration's epochs, whatever the extent.
 *
 * @param epochs after which it stops, at least 1, at most the configuration's
 * @param checkpoint where an earlier stop of the same training left its state, to be gone on from
 *     to the same bits as in one go; written at the stop. Null for none
 * @param listener is told how the training goes on
 */
public record Extent(int epochs, CheckpointFile checkpoint, Trainer.Listener listener) {
  /**
   * Of a training that nobody watches.
   *
   * @param checkpoint where an earlier stop left its state, or null
   * @param origin a text of all that the state depends on; a state of another one is refused
   * @param check called after each batch; throws an {@link InterruptedRunException} when the user
   *     stopped the run
   */
  public static Extent silent(int epochs, Path checkpoint, String origin, Runnable check) {
    return new Extent(epochs, CheckpointFile.of(checkpoint, origin), new SilentTraining(check));
  }

  /** The same, with somebody who watches. */
  public Extent watched(Watch watch) {
    return new Extent(epochs, checkpoint, Listeners.of(watch, listener));
  }
}
