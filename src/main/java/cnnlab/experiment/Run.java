package cnnlab.experiment;

import cnnlab.report.Provenance;
import cnnlab.report.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** A run and its directory: marked as running from the start, as finished or failed at the end. */
final class Run implements AutoCloseable {
  private static final Path RESULTS = Path.of("results");

  private final RunDirectory directory;
  private Provenance provenance;
  private boolean finished;

  private Run(RunDirectory directory) {
    this.directory = directory;
  }

  /** Makes the run directory and writes the resolved configuration into it. */
  static Run start(RunOptions options, Resolved<?> config, String experiment, long seed)
      throws IOException {
    RunDirectory directory =
        options.out() != null
            ? RunDirectory.at(options.out())
            : RunDirectory.create(
                RunOptions.home().resolve(RESULTS), experiment, seed, Clock.systemDefaultZone());
    directory.writeText("config.yaml", config.toYaml());
    return new Run(directory);
  }

  RunDirectory directory() {
    return directory;
  }

  /** Writes where the results come from; the end time is added by {@link #finish}. */
  void provenance(Provenance.Inputs inputs) throws IOException {
    provenance = Provenance.collect(inputs, RunOptions.home(), Clock.systemUTC());
    directory.writeJson("provenance.json", provenance);
  }

  Provenance provenance() {
    return provenance;
  }

  /** Marks the run as finished. */
  void finish() throws IOException {
    provenance = provenance.finished(Clock.systemUTC().instant());
    directory.writeJson("provenance.json", provenance);
    directory.finish();
    finished = true;
  }

  /** Marks a run that was not finished as failed. */
  @Override
  public void close() throws IOException {
    if (!finished) {
      directory.fail("the run ended before its results were complete");
    }
  }
}
