package cnnlab.run;

import cnnlab.config.ConfigLoader;
import cnnlab.config.Resolved;
import cnnlab.config.UsageException;
import cnnlab.report.claim.ReproductionReport;
import cnnlab.store.CheckpointFile;
import cnnlab.store.Heartbeat;
import cnnlab.store.Provenance;
import cnnlab.store.RunDirectory;
import cnnlab.store.RunLock;
import cnnlab.store.RunStatus;
import cnnlab.store.TrialMark;
import cnnlab.text.Reason;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run and its directory. The directory is marked as running at the start and as finished, failed
 * or interrupted at the end.
 */
public final class Run {
  /** The file with the resolved configuration. */
  public static final String CONFIG = "config.yaml";

  private static final Logger LOG = LoggerFactory.getLogger(Run.class);
  private static final String CHECKPOINT = "checkpoint.bin";
  private static final String ORIGIN = "origin.json";
  private static final String PROVENANCE = "provenance.json";
  private static final String PAGE = "report.html";

  /** The folder in which trainings keep their state. */
  public static final String CHECKPOINTS = "checkpoints";

  /** The folder in which trainings keep their models until the kept one is chosen. */
  public static final String MODELS = "models";

  /** Files and folders of an unfinished run, deleted when it finishes. */
  private static final List<String> TEMPORARY = List.of(CHECKPOINT, CHECKPOINTS, MODELS, ORIGIN);

  private final RunDirectory directory;
  private final Record config;
  private final boolean resumed;
  private final String resumeCommand;
  private Origin origin;
  private final String trial;
  private StopRequest interruption;
  private Provenance provenance;
  private boolean ended;

  /**
   * @param resumeCommand the command line that resumes the run, or empty
   * @param trial see {@link #trial}
   */
  private Run(
      RunDirectory directory, Record config, boolean resumed, String resumeCommand, String trial) {
    this.directory = directory;
    this.config = config;
    this.resumed = resumed;
    this.resumeCommand = resumeCommand;
    this.trial = trial;
    directory.mark(trial);
  }

  /**
   * The mark of a trial, before the run starts; empty for a full run. A resumed run keeps its mark.
   *
   * @see TrialMark
   */
  public static String trial(RunOptions options, Resolved<?> config) {
    String now = TrialMark.ofNew(options.quick(), config.toYaml());
    return options.resume() == null ? now : TrialMark.ofRun(options.resume());
  }

  /**
   * Creates the run directory and writes the resolved configuration into it, or opens the directory
   * of a run to resume.
   *
   * @param command the command, such as {@code task2}
   * @throws UsageException if {@code --out} is not a new or empty directory, or {@code --resume}
   *     not an unfinished run
   */
  public static Run start(
      String command, RunOptions options, Resolved<?> config, String experiment, long seed)
      throws IOException {
    String trial = trial(options, config);
    if (options.resume() != null) {
      RunDirectory directory = reopen(options.resume());
      return new Run(
          directory, config.value(), true, resumeCommand(command, options, directory), trial);
    }
    RunDirectory directory =
        options.out() != null
            ? at(options.out())
            : RunDirectory.create(
                RunOptions.results(), experiment, seed, Clock.systemDefaultZone());
    directory.writeText(CONFIG, config.toYaml());
    return new Run(
        directory, config.value(), false, resumeCommand(command, options, directory), trial);
  }

  /**
   * Creates the directory of a run that is short and cannot be resumed, under {@code results/}.
   *
   * @param experiment the folder under {@code results/}
   */
  public static Run startOnce(Resolved<?> config, String experiment, long seed) throws IOException {
    RunDirectory directory =
        RunDirectory.create(RunOptions.results(), experiment, seed, Clock.systemDefaultZone());
    directory.writeText(CONFIG, config.toYaml());
    return new Run(directory, config.value(), false, "", "");
  }

  private static String resumeCommand(String command, RunOptions options, RunDirectory directory) {
    List<String> line = new ArrayList<>();
    line.addAll(List.of(command, "--resume", RunOptions.display(directory.directory()).toString()));
    if (options.datasets() != null) {
      line.addAll(List.of("--datasets", options.datasets().toString()));
    }
    return ShellCommand.line(line.toArray(String[]::new));
  }

  private static RunDirectory reopen(Path directory) throws IOException {
    try {
      return RunDirectory.reopen(directory);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--resume: " + e.getMessage(), e);
    }
  }

  /**
   * Creates a directory for results.
   *
   * @throws UsageException if it is not new or empty, or cannot be created
   */
  public static RunDirectory at(Path out) {
    try {
      return RunDirectory.at(out);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--out: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UsageException(
          "--out: %s cannot be created or written (%s); name another directory".formatted(out, e),
          e);
    }
  }

  /** The work of a run. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does the work and returns its result. */
    T of(Run run) throws IOException;
  }

  /**
   * Completes a finished run that was killed just after its end, or whose page could not be
   * written: writes {@code report.html} and copies the run to MLflow.
   *
   * @return whether the run to resume was finished but incomplete
   * @throws IOException if the page cannot be written
   */
  public static boolean complete(RunOptions options, PrintStream out) throws IOException {
    Path directory = options.resume();
    if (directory == null || !isFinished(directory) || !isIncomplete(directory)) {
      return false;
    }
    try (RunLock lock = RunLock.take(directory).orElse(null)) {
      if (lock == null) {
        return false; // its own process is completing it
      }
      for (String name : TEMPORARY) {
        RunDirectory.delete(directory.resolve(name));
      }
      RunDirectory.deleteTemporary(directory);
      ReproductionReport.writeBeside(directory, RunOptions.home());
      MlflowTracking.export(directory, System.getenv());
      lock.delete();
    }
    out.printf(
        "%s is a finished run without %s, which was written now%n",
        RunOptions.display(directory), PAGE);
    return true;
  }

  private static boolean isFinished(Path directory) {
    try {
      return RunStatus.read(directory).state() == RunStatus.State.FINISHED;
    } catch (IOException notKnown) {
      return false; // reported when the run is resumed
    }
  }

  private static boolean isIncomplete(Path directory) {
    return !Files.isRegularFile(directory.resolve(PAGE))
        || TEMPORARY.stream().anyMatch(name -> Files.exists(directory.resolve(name)));
  }

  /**
   * Does the work. Afterwards the run is finished and has its {@code report.html}; or, if the work
   * throws, it is failed, with the reason in {@code status.json}; or, if the user stops it, it is
   * interrupted: finished work is kept, and the user is told how to resume.
   *
   * @throws InterruptedRunException if the user stopped the run
   * @throws UsageException if a resumed run has another configuration or other data; it is then
   *     left unchanged
   */
  public <T> T execute(Work<T> work) throws IOException {
    try (directory) {
      T result = watched(work);
      page();
      return result;
    }
  }

  /** Writes the page and the copy; the run is finished even if they fail. */
  private void page() {
    try {
      ReproductionReport.writeBeside(directory.directory(), RunOptions.home());
    } catch (IOException | RuntimeException e) {
      String remedy = resumeCommand.isEmpty() ? "" : ". To write it: " + resumeCommand;
      LOG.warn("{} could not be written: {}{}", PAGE, e.getMessage(), remedy);
      LOG.debug("cause", e);
    }
    MlflowTracking.export(directory.directory(), System.getenv());
  }

  private <T> T watched(Work<T> work) throws IOException {
    Heartbeat heartbeat = Heartbeat.of(directory);
    try (StopRequest watched = StopRequest.watch(this::interrupted)) {
      interruption = watched;
      try {
        T result = work.of(this);
        finish();
        return result;
      } catch (IOException | RuntimeException | Error e) {
        if (watched.requested() || e instanceof InterruptedRunException) {
          interrupted();
          throw e instanceof InterruptedRunException stop ? stop : new InterruptedRunException(e);
        }
        if (resumed && e instanceof UsageException) {
          leave();
        } else {
          fail(e);
        }
        throw e;
      }
    } finally {
      heartbeat.close();
    }
  }

  /** Finished first: a run that is killed in between is completed by {@link #complete}. */
  private synchronized void finish() throws IOException {
    if (!ended) {
      directory.finish();
      ended = true;
      for (String name : TEMPORARY) {
        try {
          directory.delete(name);
        } catch (IOException e) {
          LOG.warn("{} is no longer needed but cannot be deleted: {}", name, e.toString());
        }
      }
    }
  }

  /** Leaves a refused run unchanged. */
  private synchronized void leave() throws IOException {
    if (!ended) {
      directory.leave();
      ended = true;
    }
  }

  private synchronized void fail(Throwable why) {
    if (!ended) {
      try {
        directory.fail(Reason.of(why));
      } catch (IOException notWritten) {
        why.addSuppressed(notWritten);
      }
      ended = true;
    }
  }

  /** Also called if the work does not stop in time; only the first call has an effect. */
  private synchronized void interrupted() {
    if (!ended) {
      try {
        directory.interrupt();
      } catch (IOException notWritten) {
        LOG.warn("The run cannot be marked as interrupted", notWritten);
      }
      ended = true;
      if (resumeCommand.isEmpty()) {
        System.err.printf("%nInterrupted; %s is not complete.%n", shown());
      } else {
        System.err.printf(
            "%nInterrupted. Finished work is kept. To resume:%n  %s%n", resumeCommand);
      }
      System.err.flush();
    }
  }

  /**
   * Returns unless the user has asked to stop; for any thread.
   *
   * @throws InterruptedRunException if the user has asked to stop
   */
  public void checkInterruption() {
    interruption.check();
  }

  /** The user's request to stop, to be checked between steps. */
  public StopRequest interruption() {
    return interruption;
  }

  /** The checkpoint of a run's only training; available after {@link #provenance}. */
  public CheckpointFile checkpoint() {
    return checkpoint(CHECKPOINT);
  }

  /**
   * The checkpoint of one of several trainings; available after {@link #provenance}.
   *
   * @param name the training's file, relative to the run directory
   */
  public CheckpointFile checkpoint(String name) {
    return CheckpointFile.of(directory.path(name), name + origin.tree());
  }

  /** The origin of its trainings; available after {@link #provenance}. */
  public Origin origin() {
    return origin;
  }

  /** The mark of a trial; empty for a full run. */
  public String mark() {
    return trial;
  }

  /** Whether the run is a trial, whose output contains no verdicts. */
  public boolean isTrial() {
    return !trial.isEmpty();
  }

  /**
   * The command line that repeats the run, with RUN for its directory. A trial is repeated as a
   * trial: {@code --quick} overrides the file, so keys with other values than those of {@code
   * --quick} are set again.
   *
   * @param command such as {@code task2}
   * @param quickSets the settings that {@code --quick} stands for
   */
  public String repeat(String command, List<String> quickSets) {
    StringBuilder line = new StringBuilder("./cnnlab ").append(command);
    if (!trial.contains(TrialMark.QUICK)) {
      return line.append(" --config RUN/config.yaml").toString();
    }
    line.append(" --quick --config RUN/config.yaml");
    quickSets.stream()
        .map(set -> set.substring(0, set.indexOf('=')))
        .map(key -> key + "=" + ConfigLoader.valueOf(config, key))
        .filter(set -> !quickSets.contains(set))
        .forEach(set -> line.append(" --set ").append(set));
    return line.toString();
  }

  /** The directory of its results. */
  public RunDirectory directory() {
    return directory;
  }

  /** The directory for messages; see {@link RunOptions#display}. */
  public Path shown() {
    return RunOptions.display(directory.directory());
  }

  /**
   * Writes the provenance of the results, before any training; {@link #finishProvenance} adds the
   * end time.
   *
   * @throws UsageException if the run is resumed and its origin has changed
   */
  public void provenance(Provenance.Inputs inputs) throws IOException {
    origin = Origin.of(config, inputs);
    provenance = Provenance.collect(inputs, RunOptions.home(), Clock.systemUTC()).marked(trial);
    if (resumed) {
      origin.requireOf(directory, ORIGIN);
      warnOfAnotherCommit();
    }
    directory.writeText(ORIGIN, origin.sealed());
    directory.writeJson(PROVENANCE, provenance);
  }

  /** Changed sources need not change any bit, so another commit is no reason to refuse. */
  private void warnOfAnotherCommit() {
    try {
      String before = Provenance.commit(directory.path(PROVENANCE));
      String now = provenance.git().commit();
      if (before != null && now != null && !before.equals(now)) {
        LOG.warn(
            "{} was started at commit {}, this is commit {}: results are the same bits as without the interruption only if no change between them affects training",
            shown(),
            before,
            now);
      }
    } catch (IOException e) {
      LOG.warn(
          "{} is damaged: {}; it is written again", directory.path(PROVENANCE), e.getMessage());
    }
  }

  /** The provenance; available after {@link #provenance(Provenance.Inputs)}. */
  public Provenance provenance() {
    return provenance;
  }

  /** Adds the end time to the provenance. */
  public void finishProvenance() throws IOException {
    provenance = provenance.finished(Clock.systemUTC().instant());
    directory.writeJson(PROVENANCE, provenance);
  }
}
