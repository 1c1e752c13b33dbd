package cnnlab;

import cnnlab.experiment.RunOptions;
import cnnlab.runs.RunFinder;
import cnnlab.runs.RunSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --results}. */
final class ResultsOption {
  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "Where runs are looked for; default results/ of the project.")
  private Path directory;

  /** Relative to the working directory where it lies under it, so that tables stay narrow. */
  Path get() {
    Path results = directory == null ? RunOptions.results() : directory;
    Path here = Path.of("").toAbsolutePath();
    return results.startsWith(here) ? here.relativize(results) : results;
  }

  /** All runs, newest first. */
  List<RunSummary> find() throws IOException {
    return RunFinder.find(get(), Instant.now());
  }
}
