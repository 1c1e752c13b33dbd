package cnnlab.sweep;

import cnnlab.console.Output;
import cnnlab.experiment.WorkList;
import cnnlab.sweep.trial.Trial;
import cnnlab.sweep.trial.TrialExecutor;
import cnnlab.sweep.trial.TrialOutcome;
import cnnlab.text.Numbers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Runs the trials of a sweep in batches and stores their outcomes. */
final class TrialRunner implements WorkList.ResultStore<Trial, TrialOutcome> {
  private static final int SHOWN = 60;

  private final TrialExecutor executor;
  private final TrialFolders folders;
  private final String objective;
  private final int maxFailures;
  private final Runnable checkStop;
  private final Output out;

  /** A finished trial with its outcome. */
  record FinishedTrial(Trial trial, TrialOutcome outcome) {}

  /** The finished trials of all batches, by id; each holds only a few numbers. */
  private final Map<String, FinishedTrial> done = new HashMap<>();

  /** All trials in the order in which they were requested. */
  private final List<Trial> requested = new ArrayList<>();

  private int failures;

  /**
   * @param objective the score to show for each trial
   * @param maxFailures number of trials that may fail
   * @param checkStop throws if the user has stopped the run
   */
  TrialRunner(
      TrialExecutor executor,
      TrialFolders folders,
      String objective,
      int maxFailures,
      Runnable checkStop,
      Output out) {
    this.executor = executor;
    this.folders = folders;
    this.objective = objective;
    this.maxFailures = maxFailures;
    this.checkStop = checkStop;
    this.out = out;
  }

  /**
   * Runs the trials that were not finished earlier.
   *
   * @param what description for the progress output
   * @throws IOException if too many trials fail or the executor fails
   */
  void run(String what, List<Trial> trials) throws IOException {
    requested.addAll(trials);
    out.progress().printf("%s: %s on %s%n", what, trials(trials.size()), executor.describe());
    WorkList.run(trials, this, executor, checkStop, out);
    if (failures > maxFailures) {
      FinishedTrial first = failed().get(0);
      throw new IOException(
          "%s failed, more than --max-failures %d. The first, %s: %s. Finished trials are kept: resume with --resume, which tries the failed ones again"
              .formatted(
                  trials(failures),
                  maxFailures,
                  first.trial.id(),
                  first.outcome.failure().message()));
    }
  }

  @Override
  public String name(Trial trial) {
    return trial.id();
  }

  @Override
  public String nameOf(TrialOutcome outcome) {
    return outcome.id();
  }

  @Override
  public int epochs(Trial trial) {
    return trial.epochs();
  }

  @Override
  public boolean contains(Trial trial) throws IOException {
    Optional<TrialOutcome> before = folders.read(trial);
    before.ifPresent(outcome -> done.put(trial.id(), new FinishedTrial(trial, outcome)));
    return before.isPresent();
  }

  @Override
  public boolean store(Trial trial, TrialOutcome outcome) throws IOException {
    folders.write(trial, outcome);
    done.put(trial.id(), new FinishedTrial(trial, outcome));
    failures += outcome.failed() ? 1 : 0;
    return failures <= maxFailures;
  }

  @Override
  public String resumedMessage(int done, int all) {
    return "%s of them were finished earlier".formatted(done);
  }

  @Override
  public String describe(TrialOutcome outcome) {
    String said;
    if (outcome.failed()) {
      said = "FAILED: " + cut(outcome.failure().message());
    } else if (outcome.diverged()) {
      said = "DIVERGED, " + outcome.divergence();
    } else {
      Double score = outcome.scores().get(objective);
      said = objective + " " + (score == null ? "none" : Numbers.fixed(score, 4));
    }
    return "%s  %s  %s s".formatted(outcome.id(), said, Numbers.fixed(outcome.seconds(), 1));
  }

  private static String cut(String message) {
    String line = message.lines().findFirst().orElse("");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }

  static String trials(int count) {
    return count == 1 ? "1 trial" : Numbers.count(count) + " trials";
  }

  /** The objective of a trial; NaN if it diverged, failed, or has no such score. */
  double value(Trial trial) {
    FinishedTrial found = done.get(trial.id());
    return found == null ? Double.NaN : found.outcome.scores().getOrDefault(objective, Double.NaN);
  }

  /** All finished trials, in the order in which they were requested. */
  List<FinishedTrial> ended() {
    return requested.stream().map(t -> done.get(t.id())).filter(Objects::nonNull).toList();
  }

  /** The trials whose training diverged, in the same order. */
  List<FinishedTrial> diverged() {
    return ended().stream().filter(d -> d.outcome.diverged()).toList();
  }

  /** Whether a trial's training diverged. */
  boolean diverged(Trial trial) {
    FinishedTrial found = done.get(trial.id());
    return found != null && found.outcome.diverged();
  }

  /** The trials that failed, in the same order. */
  List<FinishedTrial> failed() {
    return ended().stream().filter(d -> d.outcome.failed()).toList();
  }

  /** The total time of all trials, in seconds. */
  double seconds() {
    return done.values().stream().mapToDouble(d -> d.outcome.seconds()).sum();
  }
}
