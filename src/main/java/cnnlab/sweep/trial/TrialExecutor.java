package cnnlab.sweep.trial;

import cnnlab.experiment.WorkList;

/**
 * Runs trials somewhere: in this process, or on other machines. A trial that fails has an outcome,
 * too; {@code run} fails only when trials cannot be run at all. Trials have ids of their own.
 */
public interface TrialExecutor extends WorkList.Workers<Trial, TrialOutcome>, AutoCloseable {
  /** Where trials run, in words, such as {@code 2 threads}. */
  String describe();

  /** Lets go of what it holds. */
  @Override
  void close();
}
