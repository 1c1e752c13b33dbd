package cnnlab.report.claim;

import cnnlab.report.Block;
import cnnlab.report.Estimate;
import cnnlab.report.RunKind;
import cnnlab.store.TrialMark;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;

/**
 * The contents of one run directory. Missing files are represented by missing nodes and empty
 * lists.
 *
 * @param directory its path
 * @param name its display name: the folder as the user would name it
 * @param experiment such as {@code task2-best}
 * @param kind the kind of run
 * @param status {@code status.json}
 * @param result {@code result.json}, or {@code bench.json} of a benchmark
 * @param provenance {@code provenance.json}
 * @param config {@code config.yaml}
 * @param runs rows of {@code runs.csv}
 * @param layers rows of {@code crosscheck.csv}
 * @param figures its pictures
 * @param trial the mark of a trial run: {@code QUICK}, {@code SYNTHETIC} or both; empty for a full
 *     run
 * @param deviations differences between its configuration and that of its experiment, as text;
 *     empty if there are none, or if the experiment is unknown
 * @param problems what is damaged or missing, as text: the file and what to do
 */
record RecordedRun(
    Path directory,
    String name,
    String experiment,
    RunKind kind,
    JsonNode status,
    JsonNode result,
    JsonNode provenance,
    JsonNode config,
    List<CsvRow> runs,
    List<CsvRow> layers,
    List<Block.Figure> figures,
    String trial,
    List<String> deviations,
    List<String> problems) {

  private static final String FINISHED = "finished";

  /**
   * Whether the run finished; a directory with a result but without {@code status.json}, from an
   * early version, counts as finished.
   */
  boolean finished() {
    return FINISHED.equals(state()) || state().isEmpty() && hasResult();
  }

  /** The state in {@code status.json}, or empty. */
  String state() {
    return status.path("state").asText("");
  }

  boolean hasResult() {
    return result.isObject();
  }

  /** Whether it is a trial run, whose scores are not results. */
  boolean isTrial() {
    return !trial.isEmpty();
  }

  /** Whether the data were generated, so that the scores mean nothing. */
  boolean synthetic() {
    return trial.contains(TrialMark.SYNTHETIC);
  }

  /** Whether it is a finished run with the full configuration of its experiment. */
  boolean isFull() {
    return finished() && hasResult() && !isTrial() && deviations.isEmpty();
  }

  /** Whether its numbers may be used for verdicts. */
  boolean isEvidence() {
    return isFull();
  }

  /** Why its numbers may not be used; empty if they may. */
  String whyNoEvidence() {
    if (isTrial()) {
      return "a trial run (%s)".formatted(trial);
    }
    return deviations.isEmpty()
        ? ""
        : "with another configuration: " + String.join(", ", deviations);
  }

  /** The heading: the experiment, and the folder if its name differs. */
  String title() {
    String folder = name.substring(name.lastIndexOf('/') + 1);
    String title = folder.equals(experiment) ? experiment : experiment + ", " + folder;
    return isTrial() ? trial + ": " + title : title;
  }

  /** Its id in links. */
  String id() {
    return "run-" + name.replaceAll("[^A-Za-z0-9]+", "-");
  }

  /** The start time as ISO 8601 text, or empty. */
  String startedAt() {
    String started = status.path("startedAt").asText("");
    return started.isEmpty() ? provenance.path("startedAt").asText("") : started;
  }

  /** The total time of the trainings in seconds, or NaN. */
  double seconds() {
    return Estimate.number(result.path("durationSeconds"));
  }
}
