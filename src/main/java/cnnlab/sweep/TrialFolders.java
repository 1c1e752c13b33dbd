package cnnlab.sweep;

import cnnlab.config.UsageException;
import cnnlab.run.Manifest;
import cnnlab.run.Origin;
import cnnlab.store.Json;
import cnnlab.store.RunDirectory;
import cnnlab.sweep.trial.Trial;
import cnnlab.sweep.trial.TrialOutcome;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of finished trials: {@code trials/ID/} with {@code trial.yaml}, all that is needed
 * to run it again, {@code outcome.json}, {@code error.txt} of one that failed, and {@code
 * manifest.json}, with the checksums of these and the data and program they were made with. A
 * folder appears whole or not at all.
 */
final class TrialFolders {
  static final String FOLDER = "trials";
  private static final String TRIAL = "trial.yaml";
  private static final String OUTCOME = "outcome.json";
  private static final String ERROR = "error.txt";

  private static final Logger LOG = LoggerFactory.getLogger(TrialFolders.class);

  private final RunDirectory directory;
  private final Origin origin;

  /**
   * @param origin of the sweep's trials
   */
  TrialFolders(RunDirectory directory, Origin origin) {
    this.directory = directory;
    this.origin = origin;
  }

  /**
   * What a trial said, if it was finished before.
   *
   * @return empty also for one that failed, which is to be tried again, for another trial of the
   *     same id, and, with a warning, for one whose files are damaged
   * @throws UsageException when it was run with other data or another version of the program
   */
  Optional<TrialOutcome> read(Trial trial) {
    Path folder = directory.path(FOLDER + "/" + trial.id());
    if (!Files.exists(folder)) {
      return Optional.empty();
    }
    try {
      Manifest manifest = manifest(folder.resolve(Manifest.ENDING));
      manifest.origin().require(origin, folder);
      if (manifest.damage(directory).isPresent()) {
        throw new IOException(manifest.damage(directory).get());
      }
      boolean same =
          manifest.files().containsKey(name(trial, OUTCOME))
              && Files.readString(folder.resolve(TRIAL)).equals(yaml(trial));
      return same
          ? Optional.of(TrialOutcome.ofJson(Files.readString(folder.resolve(OUTCOME))))
              .filter(o -> !o.failed())
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("trial {} is run again: {}", trial.id(), e.getMessage());
      return Optional.empty();
    }
  }

  private static Manifest manifest(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IOException(file + " is missing, or the trial was kept by an earlier version");
    }
    try {
      return Manifest.read(file);
    } catch (IOException e) {
      throw new IOException("%s is damaged: %s".formatted(file, e.getMessage()), e);
    }
  }

  void write(Trial trial, TrialOutcome outcome) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(TRIAL, yaml(trial));
    files.put(OUTCOME, outcome.toJson());
    if (outcome.failed()) {
      files.put(ERROR, outcome.failure().stack());
    }
    Map<String, String> named = new LinkedHashMap<>();
    files.forEach((file, text) -> named.put(name(trial, file), text));
    files.put(
        Manifest.ENDING, Manifest.of(origin, directory, List.copyOf(named.keySet()), named).text());
    directory.writeFolder(FOLDER + "/" + trial.id(), files);
  }

  private static String name(Trial trial, String file) {
    return "%s/%s/%s".formatted(FOLDER, trial.id(), file);
  }

  private static String yaml(Trial trial) throws IOException {
    return Json.yamlWriter()
        .with(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
        .writeValueAsString(trial);
  }
}
