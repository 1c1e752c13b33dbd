package cnnlab.cli.option;

import cnnlab.run.RunOptions;
import cnnlab.run.history.RunFinder;
import cnnlab.run.history.RunSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --results}. */
public final class ResultsOption {
  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "Folder to search for runs; default: results/ of the project.")
  private Path directory;

  /** The folder, relative to the working directory if it lies below it: tables stay narrow. */
  public Path get() {
    Path results = directory == null ? RunOptions.results() : directory;
    Path here = Path.of("").toAbsolutePath();
    return results.startsWith(here) ? here.relativize(results) : results;
  }

  /** All runs, newest first. */
  public List<RunSummary> find() throws IOException {
    return RunFinder.find(get(), Instant.now());
  }
}
