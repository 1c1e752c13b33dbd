package cnnlab.report.claim;

import cnnlab.metric.Verdict;

/**
 * A claim of the lab report and what the runs say of it.
 *
 * @param task number of the lab's task
 * @param claim in words
 * @param experiment the experiment that answers it
 * @param run the run that does, or null
 * @param evidence its numbers in words
 * @param verdict computed from them
 */
record LabClaim(
    int task, String claim, String experiment, RecordedRun run, String evidence, Verdict verdict) {

  private static final String PARITY = "parity";

  /** Without a run, it says how to get one. */
  static LabClaim open(int task, String claim, String experiment) {
    return new LabClaim(
        task,
        claim,
        experiment,
        null,
        experiment.equals(PARITY)
            ? "Run ./cnnlab parity"
            : "Run ./cnnlab task%s --config experiments/%s.yaml".formatted(task, experiment),
        Verdict.NOT_RECORDED);
  }
}
