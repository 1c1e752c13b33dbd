package cnnlab.experiment;

import cnnlab.report.Provenance;
import cnnlab.report.RunDirectory;
import cnnlab.report.reproduction.ReproductionReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** A run and its directory: marked as running from the start, as finished or failed at the end. */
public final class Run {
  /** The file with the resolved configuration. */
  public static final String CONFIG = "config.yaml";

  private static final String CHECKPOINT = "checkpoint.bin";
  private static final Path RESULTS = Path.of("results");

  private final RunDirectory directory;
  private Provenance provenance;

  private Run(RunDirectory directory) {
    this.directory = directory;
  }

  /**
   * Makes the run directory and writes the resolved configuration into it, or opens that of a run
   * to go on with.
   *
   * @throws UsageException when {@code --out} is not a new or empty directory
   */
  public static Run start(RunOptions options, Resolved<?> config, String experiment, long seed)
      throws IOException {
    if (options.resume() != null) {
      return new Run(goOn(options.resume()));
    }
    RunDirectory directory =
        options.out() != null
            ? at(options.out())
            : RunDirectory.create(
                RunOptions.home().resolve(RESULTS), experiment, seed, Clock.systemDefaultZone());
    directory.writeText(CONFIG, config.toYaml());
    return new Run(directory);
  }

  private static RunDirectory goOn(Path directory) throws IOException {
    try {
      return RunDirectory.reopen(directory);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--resume: " + e.getMessage(), e);
    }
  }

  /**
   * A new directory for results.
   *
   * @throws UsageException when it is not new or empty, or cannot be made
   */
  static RunDirectory at(Path out) {
    try {
      return RunDirectory.at(out);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--out: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UsageException(
          "--out: %s cannot be made or written (%s); name a directory that can be"
              .formatted(out, e),
          e);
    }
  }

  /** The work of a run. */
  @FunctionalInterface
  public interface Work<T> {
    /** What comes of it. */
    T of(Run run) throws IOException;
  }

  /**
   * Does the work. Afterwards the run is finished and has its {@code report.html}, or, when the
   * work throws, failed with the reason in {@code status.json}.
   */
  public <T> T execute(Work<T> work) throws IOException {
    T result = finish(work);
    // The run is finished whatever becomes of its page.
    ReproductionReport.writeBeside(directory.directory(), RunOptions.home());
    return result;
  }

  private <T> T finish(Work<T> work) throws IOException {
    try {
      T result = work.of(this);
      Files.deleteIfExists(checkpoint());
      directory.finish();
      return result;
    } catch (IOException | RuntimeException | Error e) {
      try {
        directory.fail(e.toString());
      } catch (IOException notWritten) {
        e.addSuppressed(notWritten);
      }
      throw e;
    }
  }

  /** Where training keeps its state while the run is not finished. */
  Path checkpoint() {
    return directory.path(CHECKPOINT);
  }

  /** Where its results are. */
  public RunDirectory directory() {
    return directory;
  }

  /** The same as a person writes it: relative when it lies under the working directory. */
  public Path shown() {
    return Task1Report.shortest(directory.directory());
  }

  /** Writes where the results come from; the end time is added by {@link #finishProvenance}. */
  public void provenance(Provenance.Inputs inputs) throws IOException {
    provenance = Provenance.collect(inputs, RunOptions.home(), Clock.systemUTC());
    directory.writeJson("provenance.json", provenance);
  }

  Provenance provenance() {
    return provenance;
  }

  /** Adds the end time to the provenance. */
  public void finishProvenance() throws IOException {
    provenance = provenance.finished(Clock.systemUTC().instant());
    directory.writeJson("provenance.json", provenance);
  }
}
