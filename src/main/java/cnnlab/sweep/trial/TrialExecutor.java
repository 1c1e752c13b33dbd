package cnnlab.sweep.trial;

import cnnlab.experiment.WorkList;

/**
 * Runs trials in this process or on other machines. A failed trial has an outcome, too; {@code run}
 * throws only if trials cannot be run at all. The ids of the trials must be distinct.
 */
public interface TrialExecutor extends WorkList.Workers<Trial, TrialOutcome>, AutoCloseable {
  /** A description of where trials run, such as {@code 2 threads}. */
  String describe();

  /** Releases all resources. */
  @Override
  void close();
}
