package cnnlab.sweep;

import cnnlab.report.RunDirectory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of finished trials: {@code trials/ID/} with {@code trial.yaml}, all that is needed
 * to run it again, {@code outcome.json}, and {@code error.txt} of one that failed. A folder appears
 * whole or not at all.
 */
final class TrialFolders {
  static final String FOLDER = "trials";
  private static final String TRIAL = "trial.yaml";
  private static final String OUTCOME = "outcome.json";
  private static final String ERROR = "error.txt";

  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE));

  private final RunDirectory directory;

  TrialFolders(RunDirectory directory) {
    this.directory = directory;
  }

  /**
   * What a trial said, if it was finished before.
   *
   * @return empty also for one that failed, which is to be tried again, and for another trial of
   *     the same id
   */
  Optional<TrialOutcome> read(Trial trial) throws IOException {
    Path folder = directory.path(FOLDER + "/" + trial.id());
    Path written = folder.resolve(TRIAL);
    Path outcome = folder.resolve(OUTCOME);
    if (!Files.exists(written)
        || !Files.exists(outcome)
        || !Files.readString(written).equals(yaml(trial))) {
      return Optional.empty();
    }
    try {
      return Optional.of(TrialOutcome.ofJson(Files.readString(outcome))).filter(o -> !o.failed());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "%s: %s; delete its folder, and the trial is run again"
              .formatted(outcome, e.getMessage()),
          e);
    }
  }

  void write(Trial trial, TrialOutcome outcome) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(TRIAL, yaml(trial));
    files.put(OUTCOME, outcome.toJson());
    if (outcome.failed()) {
      files.put(ERROR, outcome.failure().stack());
    }
    directory.writeFolder(FOLDER + "/" + trial.id(), files);
  }

  private static String yaml(Trial trial) throws IOException {
    return YAML.writeValueAsString(trial);
  }
}
