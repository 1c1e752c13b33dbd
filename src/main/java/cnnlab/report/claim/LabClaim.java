package cnnlab.report.claim;

import cnnlab.metric.Verdict;

/**
 * A claim of the lab report with its verdict.
 *
 * @param task number of the lab's task
 * @param claim the claim in words
 * @param experiment the experiment that tests it
 * @param run the run that provides the evidence, or null
 * @param evidence the evidence in words
 * @param verdict the verdict computed from it
 */
record LabClaim(
    int task, String claim, String experiment, RecordedRun run, String evidence, Verdict verdict) {

  private static final String PARITY = "parity";

  /** A claim without evidence; its text says which command to run. */
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
