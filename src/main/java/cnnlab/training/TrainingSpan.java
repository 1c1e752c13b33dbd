package cnnlab.training;

import cnnlab.run.InterruptedRunException;
import cnnlab.store.CheckpointFile;
import java.nio.file.Path;

/**
 * How many of the configured epochs to run, the checkpoint to resume from, and the listener. The
 * learning rate's schedule is that of all configured epochs, whatever the extent.
 *
 * @param epochs after which the training stops, at least 1, at most those configured
 * @param threads of the engine from scratch, at least 1; they change no result
 * @param checkpoint written after every evaluated epoch, and resumed from if it exists, to the same
 *     bits as in one go; null for none
 * @param listener receives the events of the training
 */
public record TrainingSpan(
    int epochs, int threads, CheckpointFile checkpoint, TrainingListener listener) {
  /**
   * An extent on one thread without progress output.
   *
   * @param checkpoint where an earlier stop left its state, or null
   * @param origin a text of all that the state depends on; a state of another one is refused
   * @param check called after each batch; throws an {@link InterruptedRunException} when the user
   *     stopped the run
   */
  public static TrainingSpan silent(int epochs, Path checkpoint, String origin, Runnable check) {
    return new TrainingSpan(
        epochs, 1, CheckpointFile.of(checkpoint, origin), new StopListener(check));
  }

  /** The same, with one that follows the training. */
  public TrainingSpan withListener(EpochWatcher watch) {
    return new TrainingSpan(epochs, threads, checkpoint, Listeners.of(watch, listener));
  }
}
