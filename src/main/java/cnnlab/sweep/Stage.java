package cnnlab.sweep;

import cnnlab.experiment.Output;
import cnnlab.report.Numbers;
import cnnlab.report.PoolProgress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Runs the trials of a sweep, one lot after another, and keeps what they say. */
final class Stage {
  private static final int SHOWN = 60;

  private final TrialExecutor executor;
  private final TrialFolders folders;
  private final String objective;
  private final int maxFailures;
  private final Runnable check;
  private final Output out;

  /** A trial with what became of it. */
  record Done(Trial trial, TrialOutcome outcome) {}

  /** Of all lots, by id; a few numbers each. */
  private final Map<String, Done> done = new HashMap<>();

  /** In the order in which they were asked for, whenever they ended. */
  private final List<Trial> asked = new ArrayList<>();

  private int failures;

  /**
   * @param objective the score that is shown of each trial
   * @param maxFailures trials that may fail
   * @param check throws when the user stopped the run
   */
  Stage(
      TrialExecutor executor,
      TrialFolders folders,
      String objective,
      int maxFailures,
      Runnable check,
      Output out) {
    this.executor = executor;
    this.folders = folders;
    this.objective = objective;
    this.maxFailures = maxFailures;
    this.check = check;
    this.out = out;
  }

  /**
   * Runs those of the trials that were not finished before.
   *
   * @param what they are, for the progress
   * @throws IOException when too many fail, or the executor cannot go on
   */
  void run(String what, List<Trial> trials) throws IOException {
    Map<String, Trial> open = new HashMap<>();
    List<Trial> missing = new ArrayList<>();
    asked.addAll(trials);
    for (Trial trial : trials) {
      Optional<TrialOutcome> before = folders.read(trial);
      if (before.isPresent()) {
        done.put(trial.id(), new Done(trial, before.get()));
      } else {
        missing.add(trial);
        open.put(trial.id(), trial);
      }
    }
    out.progress().printf("%s: %s on %s%n", what, trials(trials.size()), executor.describe());
    if (missing.size() < trials.size()) {
      out.progress().printf("%d of them were finished before%n", trials.size() - missing.size());
    }
    if (missing.isEmpty()) {
      return;
    }
    int before = trials.size() - missing.size();
    long epochs = missing.stream().mapToLong(Trial::epochs).sum();
    try (PoolProgress progress = PoolProgress.start(out.progress(), out.decorated(), epochs)) {
      executor.run(
          missing,
          check,
          outcome -> {
            Trial trial = open.remove(outcome.id());
            if (trial == null) {
              return true; // a second answer to the same trial, from a machine believed lost
            }
            folders.write(trial, outcome);
            done.put(trial.id(), new Done(trial, outcome));
            progress.epochsDone(trial.epochs());
            int number = before + missing.size() - open.size();
            progress.line(line(number, trials.size(), outcome) + "  left " + progress.left());
            failures += outcome.failed() ? 1 : 0;
            return failures <= maxFailures;
          });
    }
    if (failures > maxFailures) {
      Done first = failed().get(0);
      throw new IOException(
          "%s failed, more than --max-failures %d. The first, %s: %s. What is finished is kept: go on with --resume, which tries the failed ones again"
              .formatted(
                  trials(failures),
                  maxFailures,
                  first.trial.id(),
                  first.outcome.failure().message()));
    }
    if (!open.isEmpty()) {
      throw new IOException(
          "%s came to no end on %s; go on with --resume"
              .formatted(trials(open.size()), executor.describe()));
    }
  }

  private String line(int number, int all, TrialOutcome outcome) {
    String said =
        outcome.failed()
            ? "FAILED: " + cut(outcome.failure().message())
            : "%s %s"
                .formatted(
                    objective,
                    outcome.scores().containsKey(objective)
                        ? Numbers.fixed(outcome.scores().get(objective), 4)
                        : "none");
    return ("%" + String.valueOf(all).length() + "d/%d  %s  %s  %s s")
        .formatted(number, all, outcome.id(), said, Numbers.fixed(outcome.seconds(), 1));
  }

  private static String cut(String message) {
    String line = message.lines().findFirst().orElse("");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }

  static String trials(int count) {
    return count == 1 ? "1 trial" : Numbers.count(count) + " trials";
  }

  /** The objective of a trial; NaN when it failed, or has none. */
  double value(Trial trial) {
    Done found = done.get(trial.id());
    return found == null ? Double.NaN : found.outcome.scores().getOrDefault(objective, Double.NaN);
  }

  /** All that ended, in the order in which they were asked for. */
  List<Done> ended() {
    return asked.stream().map(t -> done.get(t.id())).filter(Objects::nonNull).toList();
  }

  /** Those that failed, in the same order. */
  List<Done> failed() {
    return ended().stream().filter(d -> d.outcome.failed()).toList();
  }

  /** Of all trials. */
  double seconds() {
    return done.values().stream().mapToDouble(d -> d.outcome.seconds()).sum();
  }
}
