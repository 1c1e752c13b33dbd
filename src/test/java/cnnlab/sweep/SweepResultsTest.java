package cnnlab.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cnnlab.console.Output;
import cnnlab.experiment.WorkPool;
import cnnlab.metric.Summary;
import cnnlab.metric.Verdict;
import cnnlab.run.Origin;
import cnnlab.run.RunOptions;
import cnnlab.store.RunDirectory;
import cnnlab.sweep.space.Point;
import cnnlab.sweep.trial.Trial;
import cnnlab.sweep.trial.TrialExecutor;
import cnnlab.sweep.trial.TrialOutcome;
import cnnlab.training.EpochWatcher;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Results for given scores, compared with manual computation: for three numbers with standard
 * deviation s the half width of the interval is t s / √3 = 2.484138 s, where t = 4.302653 is the
 * 0.975 quantile for two degrees of freedom.
 */
class SweepResultsTest {
  private static final double HALF = 2.484138;
  private static final double ROUNDED = 1e-6;

  @TempDir Path temp;

  /** An executor with a given outcome for every trial. */
  private record Oracle(String score, Map<String, Double> said) implements TrialExecutor {
    @Override
    public String describe() {
      return "an oracle";
    }

    @Override
    public void run(
        List<Trial> trials,
        Runnable check,
        Function<Trial, EpochWatcher> watches,
        WorkPool.ResultHandler<TrialOutcome> finished)
        throws IOException {
      for (Trial trial : trials) {
        finished.accept(TrialOutcome.of(trial, Map.of(score, said.get(trial.id())), 1));
      }
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }

  private SweepResult result(String yaml, String score, Map<String, Double> said)
      throws IOException {
    Path file = Files.writeString(temp.resolve("s.yaml"), yaml);
    SweepPlan<?> plan =
        Sweep.plan(
            new RunOptions(file, List.of(), null, null, false, null, null, null, List.of("sweep")));
    TrialRunner runner =
        new TrialRunner(
            new Oracle(score, said),
            new TrialFolders(
                RunDirectory.at(temp.resolve("run")), new Origin(NullNode.getInstance())),
            score,
            0,
            () -> {},
            Output.plain(new PrintStream(OutputStream.nullOutputStream())));
    Search search = new Search(plan, runner);
    assertThat(search.run(temp.resolve("checkpoints"))).isTrue();
    Point best = search.best().point();
    runner.run("again", plan.confirmation(best));
    runner.run("the base", plan.confirmationOfBase(best));
    return SweepResults.of(plan, search, runner, false);
  }

  /** A sweep that was stopped during its confirmation repeats its search when it is resumed. */
  @Test
  void onlyCheckpointsOfDroppedPointsAreDeleted() throws IOException {
    Path file =
        Files.writeString(
            temp.resolve("s.yaml"),
            "space: {network.dropout: [0.1, 0.2]}\nrepetitions: 1\nhalving: [1]\n");
    SweepPlan<?> plan =
        Sweep.plan(
            new RunOptions(file, List.of(), null, null, false, null, null, null, List.of("sweep")));
    Map<String, Double> said = Map.of("1-1-e1", 0.8, "2-1-e1", 0.7, "1-1", 0.9);
    TrialRunner runner =
        new TrialRunner(
            new Oracle("validationAccuracy", said),
            new TrialFolders(
                RunDirectory.at(temp.resolve("run")), new Origin(NullNode.getInstance())),
            "validationAccuracy",
            0,
            () -> {},
            Output.plain(new PrintStream(OutputStream.nullOutputStream())));
    Path checkpoints = Files.createDirectory(temp.resolve("checkpoints"));
    List<String> names = List.of("1-1.bin", "2-1.bin", "confirm-1-1.bin", "confirm-base-1.bin");
    for (String name : names) {
      Files.writeString(checkpoints.resolve(name), "state");
    }
    assertThat(new Search(plan, runner).run(checkpoints)).isTrue();
    assertThat(checkpoints.toFile().list())
        .containsExactlyInAnyOrder("1-1.bin", "confirm-1-1.bin", "confirm-base-1.bin");
  }

  private static void assertInterval(double[] interval, double mean, double half) {
    assertThat(interval[0]).isCloseTo(mean - half, within(ROUNDED));
    assertThat(interval[1]).isCloseTo(mean + half, within(ROUNDED));
  }

  /** The interval of an accuracy with the same half width, on the logit scale. */
  private static void assertOfScore(double[] interval, double mean, double half) {
    double odds = mean / (1 - mean);
    double factor = Math.exp(half / (mean * (1 - mean)));
    double low = odds / factor;
    double high = odds * factor;
    assertThat(interval[0]).isCloseTo(low / (1 + low), within(ROUNDED));
    assertThat(interval[1]).isCloseTo(high / (1 + high), within(ROUNDED));
  }

  @Test
  void intervalsAgreeWithManualComputation() throws IOException {
    SweepResult result =
        result(
            "space: {network.dropout: [0.1, 0.2, 0.3]}\nrepetitions: 3\nconfirm: {repetitions: 3}\n",
            "validationAccuracy",
            Map.ofEntries(
                Map.entry("1-1", 0.81),
                Map.entry("1-2", 0.80),
                Map.entry("1-3", 0.79),
                Map.entry("2-1", 0.80),
                Map.entry("2-2", 0.82),
                Map.entry("2-3", 0.84),
                Map.entry("3-1", 0.5),
                Map.entry("3-2", 0.5),
                Map.entry("3-3", 0.5),
                Map.entry("confirm-2-1", 0.9),
                Map.entry("confirm-2-2", 0.8),
                Map.entry("confirm-2-3", 0.7),
                Map.entry("confirm-base-1", 0.6),
                Map.entry("confirm-base-2", 0.6),
                Map.entry("confirm-base-3", 0.6)));
    assertThat(result.ranking())
        .extracting(SweepResult.PointResult::point)
        .containsExactly(2, 1, 3);

    Summary best = result.best().score();
    assertThat(best.mean()).isCloseTo(0.82, within(1e-12));
    assertThat(best.sd()).isCloseTo(0.02, within(1e-12));
    assertOfScore(best.ci95(), 0.82, HALF * 0.02);

    SweepResult.PointResult second = result.ranking().get(1);
    assertOfScore(second.score().ci95(), 0.80, HALF * 0.01);
    // 0.01, -0.02, -0.05: the same draws, pair by pair.
    assertThat(second.toBest().meanDifference()).isCloseTo(-0.02, within(1e-12));
    assertInterval(second.toBest().ci95(), -0.02, HALF * 0.03);

    SweepResult.PointResult third = result.ranking().get(2);
    assertOfScore(third.score().ci95(), 0.5, 0);
    assertInterval(third.toBest().ci95(), -0.32, HALF * 0.02);

    SweepResult.Confirmation c = result.confirmation();
    assertOfScore(c.best().ci95(), 0.8, HALF * 0.1);
    assertOfScore(c.base().ci95(), 0.6, 0);
    assertThat(c.gain().meanDifference()).isCloseTo(0.2, within(1e-12));
    assertInterval(c.gain().ci95(), 0.2, HALF * 0.1);
    assertThat(c.gain().verdict()).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void partlyFailedConfirmationsAreReported() throws IOException {
    String yaml = "space: {network.dropout: [0.1]}\nrepetitions: 1\nconfirm: {repetitions: 3}\n";
    SweepResult result =
        result(
            yaml,
            "validationAccuracy",
            Map.ofEntries(
                Map.entry("1-1", 0.8),
                Map.entry("confirm-1-1", 0.9),
                Map.entry("confirm-1-2", Double.NaN),
                Map.entry("confirm-1-3", 0.7),
                Map.entry("confirm-base-1", Double.NaN),
                Map.entry("confirm-base-2", 0.4),
                Map.entry("confirm-base-3", 0.6)));
    SweepResult.Confirmation c = result.confirmation();
    assertThat(c.best().values()).containsExactly(0.9, 0.7);
    assertThat(c.base().values()).containsExactly(0.4, 0.6);
    // Only the third draw has both scores.
    assertThat(c.gain().n()).isEqualTo(1);
    assertThat(c.gain().meanDifference()).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void theBetterVariantHasTheSmallerLoss() throws IOException {
    SweepResult result =
        result(
            """
            task: task2
            variants: [{name: a}, {name: b, set: {epochs: 2}}]
            claims: [{claim: a is better, better: a, worse: b}, {claim: b is better, better: b, worse: a}]
            objective: {name: validationLoss}
            repetitions: 3
            confirm: {repetitions: 0}
            """,
            "validationLoss",
            Map.of("1-1", 0.5, "1-2", 0.6, "1-3", 0.7, "2-1", 0.9, "2-2", 0.8, "2-3", 1.0));
    assertThat(result.best().levels()).containsEntry("variant", "a");
    assertThat(result.confirmation()).isNull();
    // 0.4, 0.2, 0.3 less.
    assertInterval(result.claims().get(0).paired().ci95(), 0.3, HALF * 0.1);
    assertInterval(result.claims().get(1).paired().ci95(), -0.3, HALF * 0.1);
    assertThat(result.verdicts())
        .containsEntry("a is better", Verdict.SUPPORTED)
        .containsEntry("b is better", Verdict.NOT_SUPPORTED);
  }
}
