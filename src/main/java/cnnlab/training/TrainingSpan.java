package cnnlab.training;

import cnnlab.run.InterruptedRunException;
import cnnlab.store.CheckpointFile;
import java.nio.file.Path;

/**
 * How many of the configured epochs to run, the checkpoint to resume from, and the listener. The
 * learning rate follows the schedule of all configured epochs, even if fewer are run.
 *
 * @param epochs the epoch after which the training stops, at least 1, at most the configured number
 * @param threads threads of the engine from scratch, at least 1; results do not depend on it
 * @param checkpoint written after every evaluated epoch, and resumed from if it exists, which gives
 *     the same bits as an uninterrupted training; null for none
 * @param listener receives the events of the training
 */
public record TrainingSpan(
    int epochs, int threads, CheckpointFile checkpoint, TrainingListener listener) {
  /**
   * A span on one thread, without progress output.
   *
   * @param checkpoint the file in which an interrupted training left its state, or null
   * @param origin a text that identifies everything the state depends on; a state with another
   *     origin is refused
   * @param check called after each batch; throws an {@link InterruptedRunException} when the user
   *     stopped the run
   */
  public static TrainingSpan silent(int epochs, Path checkpoint, String origin, Runnable check) {
    return new TrainingSpan(
        epochs, 1, CheckpointFile.of(checkpoint, origin), new StopListener(check));
  }

  /** The same span with an additional listener. */
  public TrainingSpan withListener(EpochWatcher watch) {
    return new TrainingSpan(epochs, threads, checkpoint, Listeners.of(watch, listener));
  }
}
