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
 * The files of finished trials: {@code trials/ID/} contains {@code trial.yaml} (everything needed
 * to repeat the trial), {@code outcome.json}, {@code error.txt} if it failed, and {@code
 * manifest.json}, with the checksums of these files and the data and program version that produced
 * them. A folder appears completely or not at all.
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
   * @param origin the origin of the sweep's trials: data and program version
   */
  TrialFolders(RunDirectory directory, Origin origin) {
    this.directory = directory;
    this.origin = origin;
  }

  /**
   * The outcome of a trial that was finished earlier.
   *
   * @return empty if there is none, if the trial failed (it is then tried again), if the folder
   *     holds another trial with the same id, or, with a warning, if its files are damaged
   * @throws UsageException if it was run with other data or another version of the program
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
