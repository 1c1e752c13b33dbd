package cnnlab.sweep;

import cnnlab.experiment.WorkPool;
import java.io.IOException;
import java.util.List;

/** Runs trials somewhere: in this process, or on other machines. */
public interface TrialExecutor extends AutoCloseable {
  /** Where trials run, in words, such as {@code 2 threads}. */
  String describe();

  /**
   * Runs trials, each once, beginning them in their order as far as that is possible. A trial that
   * fails has an outcome, too; this fails only when trials cannot be run at all.
   *
   * @param trials with ids of their own
   * @param check asked often, by any thread; throws an {@link
   *     cnnlab.experiment.InterruptedRunException} when the user stopped the run
   * @param finished is given each trial's outcome once, on this thread, soon after it is there;
   *     when it returns false, what has not begun is left, and this returns soon
   * @throws IOException when trials cannot be run any more, {@code finished} throws it, or this
   *     thread is interrupted; what was finished by then can be gone on from
   * @throws cnnlab.experiment.InterruptedRunException when {@code check} did; what had come to its
   *     end by then has been given to {@code finished}
   */
  void run(List<Trial> trials, Runnable check, WorkPool.Finished<TrialOutcome> finished)
      throws IOException;

  /** Lets go of what it holds. */
  @Override
  void close();
}
