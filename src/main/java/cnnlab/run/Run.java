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
 * A run and its directory: marked as running from the start, as finished, failed or interrupted at
 * the end.
 */
public final class Run {
  /** The file with the resolved configuration. */
  public static final String CONFIG = "config.yaml";

  private static final Logger LOG = LoggerFactory.getLogger(Run.class);
  private static final String CHECKPOINT = "checkpoint.bin";
  private static final String ORIGIN = "origin.json";
  private static final String PROVENANCE = "provenance.json";
  private static final String PAGE = "report.html";

  /** Where trainings leave their state. */
  public static final String CHECKPOINTS = "checkpoints";

  /** Where trainings leave their models until it is known which is kept. */
  public static final String MODELS = "models";

  /** What is of use while a run is not finished, and deleted then. */
  private static final List<String> TEMPORARY = List.of(CHECKPOINT, CHECKPOINTS, MODELS, ORIGIN);

  private final RunDirectory directory;
  private final Record config;
  private final boolean resumed;
  private final String goOn;
  private Origin origin;
  private final String trial;
  private StopRequest interruption;
  private Provenance provenance;
  private boolean ended;

  /**
   * @param goOn the command line that goes on with the run
   * @param trial see {@link #trial}
   */
  private Run(RunDirectory directory, Record config, boolean resumed, String goOn, String trial) {
    this.directory = directory;
    this.config = config;
    this.resumed = resumed;
    this.goOn = goOn;
    this.trial = trial;
    directory.mark(trial);
  }

  /**
   * What marks a run as a trial, before it is started: empty for a full run. One that is resumed is
   * what it was from its start.
   *
   * @see TrialMark
   */
  public static String trial(RunOptions options, Resolved<?> config) {
    String now = TrialMark.ofNew(options.quick(), config.toYaml());
    return options.resume() == null ? now : TrialMark.ofRun(options.resume());
  }

  /**
   * Makes the run directory and writes the resolved configuration into it, or opens that of a run
   * to go on with.
   *
   * @param command the command that was given, such as {@code task2}
   * @throws UsageException when {@code --out} is not a new or empty directory
   */
  public static Run start(
      String command, RunOptions options, Resolved<?> config, String experiment, long seed)
      throws IOException {
    String trial = trial(options, config);
    if (options.resume() != null) {
      RunDirectory directory = reopen(options.resume());
      return new Run(directory, config.value(), true, goOn(command, options, directory), trial);
    }
    RunDirectory directory =
        options.out() != null
            ? at(options.out())
            : RunDirectory.create(
                RunOptions.results(), experiment, seed, Clock.systemDefaultZone());
    directory.writeText(CONFIG, config.toYaml());
    return new Run(directory, config.value(), false, goOn(command, options, directory), trial);
  }

  private static String goOn(String command, RunOptions options, RunDirectory directory) {
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
   * A new directory for results.
   *
   * @throws UsageException when it is not new or empty, or cannot be made
   */
  public static RunDirectory at(Path out) {
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
   * Makes what a finished run lacks since it was killed just after its end, or its page could not
   * be written: {@code report.html}, and with it the copy for MLflow.
   *
   * @return whether the run to resume is finished and lacked something
   * @throws IOException when the page cannot be made
   */
  public static boolean complete(RunOptions options, PrintStream out) throws IOException {
    Path directory = options.resume();
    if (directory == null || !isFinished(directory) || !lacksAnything(directory)) {
      return false;
    }
    try (RunLock lock = RunLock.take(directory).orElse(null)) {
      if (lock == null) {
        return false; // its process is about to do it
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
        "%s is a finished run that had no %s; it is made now%n",
        RunOptions.display(directory), PAGE);
    return true;
  }

  private static boolean isFinished(Path directory) {
    try {
      return RunStatus.read(directory).state() == RunStatus.State.FINISHED;
    } catch (IOException notKnown) {
      return false; // said by whoever resumes it
    }
  }

  private static boolean lacksAnything(Path directory) {
    return !Files.isRegularFile(directory.resolve(PAGE))
        || TEMPORARY.stream().anyMatch(name -> Files.exists(directory.resolve(name)));
  }

  /**
   * Does the work. Afterwards the run is finished and has its {@code report.html}, or, when the
   * work throws, failed with the reason in {@code status.json}; or interrupted, when the user stops
   * it: then what is finished is kept, and the user is told how to go on.
   *
   * @throws InterruptedRunException when the user stopped the run
   * @throws UsageException when a run that is resumed is of another configuration or other data; it
   *     is then left as it was
   */
  public <T> T execute(Work<T> work) throws IOException {
    try (directory) {
      T result = watched(work);
      page();
      return result;
    }
  }

  /** The run is finished whatever becomes of its page and its copy. */
  private void page() {
    try {
      ReproductionReport.writeBeside(directory.directory(), RunOptions.home());
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} is not made: {}. To make it: {}", PAGE, e.getMessage(), goOn);
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
          LOG.warn("{} is not needed any more, but cannot be deleted: {}", name, e.toString());
        }
      }
    }
  }

  /** A run that is refused stays as it was. */
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

  /** Also called when the work does not stop in time; the first end counts. */
  private synchronized void interrupted() {
    if (!ended) {
      try {
        directory.interrupt();
      } catch (IOException notWritten) {
        LOG.warn("The run cannot be marked as interrupted", notWritten);
      }
      ended = true;
      System.err.printf("%nInterrupted. What is finished is kept. To resume:%n  %s%n", goOn);
      System.err.flush();
    }
  }

  /**
   * Goes on, unless the user wants the run to stop; for any thread.
   *
   * @throws InterruptedRunException when the user does
   */
  public void checkInterruption() {
    interruption.check();
  }

  /** To be asked between steps whether the user wants the run to stop. */
  public StopRequest interruption() {
    return interruption;
  }

  /** Where the only training keeps its state while the run is not finished. */
  public CheckpointFile checkpoint() {
    return checkpoint(CHECKPOINT);
  }

  /**
   * Where one of several trainings keeps its state; known after {@link #provenance}.
   *
   * @param name of the file, the training's own
   */
  public CheckpointFile checkpoint(String name) {
    return CheckpointFile.of(directory.path(name), name + origin.tree());
  }

  /** What its trainings are made of; known after {@link #provenance}. */
  public Origin origin() {
    return origin;
  }

  /** What marks it as a trial; empty for a full run. */
  public String mark() {
    return trial;
  }

  /** Whether it only tries something out: then there is no verdict in what it writes. */
  public boolean isTrial() {
    return !trial.isEmpty();
  }

  /**
   * The command line that repeats it, with RUN for its directory. A trial is repeated as one: since
   * {@code --quick} goes before what the file says, keys that were set otherwise are set again.
   *
   * @param command such as {@code task2}
   * @param quickSets what {@code --quick} stands for there
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

  /** Where its results are. */
  public RunDirectory directory() {
    return directory;
  }

  /** The same as a person writes it: relative when it lies under the working directory. */
  public Path shown() {
    return RunOptions.display(directory.directory());
  }

  /**
   * Writes where the results come from; the end time is added by {@link #finishProvenance}. Nothing
   * is trained before.
   *
   * @throws UsageException when the run is resumed, and what it is made of has changed
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

  /** Whether sources that changed change any bit is not known, so this is no reason to refuse. */
  private void warnOfAnotherCommit() {
    try {
      String before = Provenance.commit(directory.path(PROVENANCE));
      String now = provenance.git().commit();
      if (before != null && now != null && !before.equals(now)) {
        LOG.warn(
            "{} was begun at commit {}, this is {}: the same bits as in one go only where nothing between them touched training",
            shown(),
            before,
            now);
      }
    } catch (IOException e) {
      LOG.warn("{} is damaged: {}; it is written anew", directory.path(PROVENANCE), e.getMessage());
    }
  }

  public Provenance provenance() {
    return provenance;
  }

  /** Adds the end time to the provenance. */
  public void finishProvenance() throws IOException {
    provenance = provenance.finished(Clock.systemUTC().instant());
    directory.writeJson(PROVENANCE, provenance);
  }
}
