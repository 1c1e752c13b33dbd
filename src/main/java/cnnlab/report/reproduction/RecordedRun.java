package cnnlab.report.reproduction;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

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
 * @param problems what is damaged or missing, for a person: the file and what to do
 */
record RecordedRun(
    Path directory,
    String name,
    String experiment,
    Kind kind,
    JsonNode status,
    JsonNode result,
    JsonNode provenance,
    JsonNode config,
    List<CsvRow> runs,
    List<CsvRow> layers,
    List<Block.Figure> figures,
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

  /** Whether the data were made up, so that its scores mean nothing. */
  boolean synthetic() {
    return "synthetic".equalsIgnoreCase(config.path("data").asText())
        || result.path("data").asText("").toUpperCase(Locale.ROOT).contains("SYNTHETIC");
  }

  /** Whether its numbers may be used for verdicts. */
  boolean isEvidence() {
    return finished() && hasResult() && !synthetic();
  }

  /** A heading: the experiment, and the folder where that says more. */
  String title() {
    String folder = name.substring(name.lastIndexOf('/') + 1);
    return folder.equals(experiment) ? experiment : experiment + ", " + folder;
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
