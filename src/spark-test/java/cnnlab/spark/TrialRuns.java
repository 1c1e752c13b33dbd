package cnnlab.spark;

import cnnlab.data.Datasets;
import cnnlab.data.Mnist;
import cnnlab.experiment.WorkPool;
import cnnlab.sweep.ExecutorProvider.Needs;
import cnnlab.sweep.LocalTrialExecutor;
import cnnlab.sweep.Trial;
import cnnlab.sweep.TrialExecutor;
import cnnlab.sweep.TrialFunction;
import cnnlab.sweep.TrialOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Trials of Task 2, here or on Spark, and what came of them: the smallest program around a trial
 * executor. Arguments: an address of Spark or the number of threads here, a file for the outcomes,
 * the number of trials.
 */
final class TrialRuns {
  private static final String CONFIGURATION =
      """
      seed: 7
      epochs: 8
      evaluationLimit: 500
      network: {blocks: [[8], [16]], dense: 32, dropout: %s}
      optimizer: {learningRate: %s}
      """;

  private TrialRuns() {}

  public static void main(String[] args) throws IOException {
    Map<String, TrialOutcome> outcomes = new TreeMap<>();
    try (TrialExecutor executor = executor(args[0])) {
      executor.run(trials(Integer.parseInt(args[2])), keep(outcomes));
    }
    List<String> lines = outcomes.values().stream().map(TrialRuns::line).toList();
    Files.write(Path.of(args[1]), lines);
  }

  /** Says each outcome as it comes, so that whoever started this knows how far it is. */
  private static WorkPool.Finished<TrialOutcome> keep(Map<String, TrialOutcome> outcomes) {
    return outcome -> {
      if (outcomes.put(outcome.id(), outcome) != null) {
        throw new IllegalStateException(outcome.id() + " has come twice");
      }
      System.out.println("finished " + outcome.id());
      return true;
    };
  }

  private static TrialExecutor executor(String where) throws IOException {
    Datasets datasets = Datasets.locate(null, Map.of(), Path.of(""));
    return where.matches("\\d+")
        ? new LocalTrialExecutor(new TrialFunction(datasets), Integer.parseInt(where), null)
        : new SparkExecutorProvider()
            .open(where, new Needs(List.of(datasets.folder(Mnist.NAME)), false));
  }

  /** Half as many draws as trials, with two networks each; the last trial cannot be made. */
  private static List<Trial> trials(int n) {
    List<Trial> trials = new ArrayList<>();
    for (int i = 1; i <= n; i++) {
      String id = "trial-%03d".formatted(i);
      String yaml = CONFIGURATION.formatted(i % 2 == 0 ? 0.5 : 0, i == n ? -1 : 1e-3);
      trials.add(new Trial(id, id, "task2", yaml, (i + 1) / 2, 8));
    }
    return trials;
  }

  private static String line(TrialOutcome outcome) {
    return outcome.failed()
        ? "%s failed: %s".formatted(outcome.id(), outcome.failure().message())
        : "%s %s".formatted(outcome.id(), outcome.scores());
  }
}
