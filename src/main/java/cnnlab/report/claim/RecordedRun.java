package cnnlab.report.claim;

import cnnlab.report.Block;
import cnnlab.report.Estimate;
import cnnlab.report.RunKind;
import cnnlab.store.TrialMark;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;

/**
 * What one run directory holds. Missing files are missing nodes and empty lists.
 *
 * @param directory where it is
 * @param name how it is called here: the folder as the user would name it
 * @param experiment such as {@code task2-best}
 * @param kind what it is of
 * @param status {@code status.json}
 * @param result {@code result.json}, of a benchmark {@code bench.json}
 * @param provenance {@code provenance.json}
 * @param config {@code config.yaml}
 * @param runs rows of {@code runs.csv}
 * @param layers rows of {@code crosscheck.csv}
 * @param figures its pictures
 * @param trial what marks it as a trial: {@code QUICK}, {@code SYNTHETIC} or both; empty for a full
 *     run
 * @param deviations where its configuration is not that of its experiment, for a person; empty
 *     where it is, or where there is no such experiment
 * @param problems what is damaged or missing, for a person: the file and what to do
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
   * Whether it ended as it should; a directory from before {@code status.json} is taken to have.
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

  /** Whether it was only to try something out, so that its scores are no result. */
  boolean isTrial() {
    return !trial.isEmpty();
  }

  /** Whether the data were made up, so that its scores mean nothing. */
  boolean synthetic() {
    return trial.contains(TrialMark.SYNTHETIC);
  }

  /** Whether it ended and is what its experiment says: no trial, and nothing cut down. */
  boolean isFull() {
    return finished() && hasResult() && !isTrial() && deviations.isEmpty();
  }

  /** Whether its numbers may be used for verdicts. */
  boolean isEvidence() {
    return isFull();
  }

  /** Why its numbers may not be used, in words; empty where they may. */
  String whyNoEvidence() {
    if (isTrial()) {
      return "a trial (%s)".formatted(trial);
    }
    return deviations.isEmpty() ? "" : "another configuration: " + String.join(", ", deviations);
  }

  /** A heading: the experiment, and the folder where that says more. */
  String title() {
    String folder = name.substring(name.lastIndexOf('/') + 1);
    String title = folder.equals(experiment) ? experiment : experiment + ", " + folder;
    return isTrial() ? trial + ": " + title : title;
  }

  /** Its id in links. */
  String id() {
    return "run-" + name.replaceAll("[^A-Za-z0-9]+", "-");
  }

  /** When it began, as ISO 8601 text, or empty. */
  String startedAt() {
    String started = status.path("startedAt").asText("");
    return started.isEmpty() ? provenance.path("startedAt").asText("") : started;
  }

  /** Seconds of the trainings added up, or NaN. */
  double seconds() {
    return Estimate.number(result.path("durationSeconds"));
  }
}
