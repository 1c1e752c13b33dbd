package cnnlab.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.console.Output;
import cnnlab.experiment.WorkPool;
import cnnlab.run.Origin;
import cnnlab.run.RunOptions;
import cnnlab.store.RunDirectory;
import cnnlab.sweep.trial.Trial;
import cnnlab.sweep.trial.TrialExecutor;
import cnnlab.sweep.trial.TrialOutcome;
import cnnlab.task2.Task2;
import cnnlab.training.EpochWatcher;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sweeps of trainings that take a tenth of a second. */
class SweepTest {
  private static final PrintStream SILENT = new PrintStream(OutputStream.nullOutputStream());
  private static final String TASK =
      """
      experiment: sweep-test
      set: {epochs: 4, evaluationLimit: 100, network: {blocks: [[4], [8]], dense: 16}}
      seed: 5
      repetitions: 2
      confirm: {repetitions: 2}
      """;
  private static final String GRID =
      TASK
          + """
          space:
            optimizer.learningRate: {log: [1e-3, 1e-1], steps: 3}
            network.dropout: [0, 0.5]
          """;
  private static final String HALVING = "halving: [1, 2]\n";

  @TempDir static Path temp;

  private static Path grid;
  private static SweepResult result;
  private static SweepResult halved;
  private static String printed;

  @BeforeAll
  static void sweep() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    grid = temp.resolve("grid");
    result =
        Sweep.run(
            options("grid", GRID, List.of()),
            SweepOptions.HERE,
            new PrintStream(out, true, StandardCharsets.UTF_8));
    printed = out.toString(StandardCharsets.UTF_8);
    halved = run("halved", GRID + HALVING);
  }

  private static RunOptions options(String name, String yaml, List<String> sets)
      throws IOException {
    Path file = Files.writeString(temp.resolve(name + ".yaml"), yaml);
    return new RunOptions(
        file, sets, null, null, false, null, temp.resolve(name), null, List.of("sweep"));
  }

  private static RunOptions resume(Path directory) {
    return new RunOptions(
        null, List.of(), null, null, false, directory, null, null, List.of("sweep"));
  }

  private static SweepResult run(String name, String yaml, String... sets) throws IOException {
    return Sweep.run(options(name, yaml, List.of(sets)), SweepOptions.HERE, SILENT);
  }

  @Test
  void everyPointIsTrainedOnTheSameDrawsAndRanked() throws IOException {
    assertThat(result.points()).isEqualTo(6);
    assertThat(result.trials()).isEqualTo(6 * 2 + 2 + 2);
    assertThat(result.failed()).isZero();
    assertThat(result.ranking()).extracting(p -> p.score().n()).containsOnly(2);
    assertThat(result.ranking())
        .extracting(p -> -p.score().mean())
        .isSortedAccordingTo(Double::compare);
    SweepResult.PointResult second = result.ranking().get(1);
    assertThat(second.toBest().meanDifference())
        .isCloseTo(second.score().mean() - result.best().score().mean(), within(1e-12));
    assertThat(result.best().toBest()).isNull();
    assertThat(result.confirmation().best().values()).isNotEqualTo(result.best().score().values());
    assertThat(result.confirmation().gain().n()).isEqualTo(2);
    assertThat(printed)
        .contains("6 points: 12 trials", "12/12", "left", "Part of that is luck", "on fresh draws");
  }

  @Test
  void theRunDirectoryHasExactlyItsFiles() throws IOException {
    try (Stream<Path> files = Files.list(grid)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "best.yaml",
              "config.yaml",
              "effects.png",
              "parallel.png",
              "provenance.json",
              "report.html",
              "report.md",
              "result.json",
              "status.json",
              "trials",
              "trials.csv");
    }
    try (Stream<Path> files = Files.list(grid.resolve("trials/3-2"))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("trial.yaml", "outcome.json", "manifest.json");
    }
    assertThat(Files.readString(grid.resolve("report.md")))
        .contains(
            "16 trials of task2: 6 points (grid)",
            "none failed",
            "so it is",
            "parallel.png",
            "effects.png",
            "Part of that is luck",
            "--trial 1-1");
    List<String> rows = Files.readAllLines(grid.resolve("trials.csv"));
    assertThat(rows).hasSize(1 + 16);
    assertThat(rows.get(0))
        .isEqualTo(
            "trial,point,optimizer.learningRate,network.dropout,repetition,trainedEpochs,validationAccuracy,validationLoss,seconds,outcome,error");
    assertThat(rows.get(1)).startsWith("1-1,1,0.001,0,1,4,0.");
    assertThat(rows.get(13)).startsWith("confirm-" + result.best().point() + "-1,");
    assertThat(rows.get(15)).startsWith("confirm-base-1,base,,,1,4,0.");
  }

  @Test
  void aTrialAloneIsBitIdentical() throws IOException {
    for (String id : List.of("3-2", "confirm-%d-2".formatted(result.best().point()))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      boolean ended =
          Sweep.runTrial(
              options("alone", GRID, List.of()),
              id,
              new PrintStream(out, true, StandardCharsets.UTF_8));
      assertThat(ended).isTrue();
      TrialOutcome alone = TrialOutcome.ofJson(out.toString(StandardCharsets.UTF_8));
      assertThat(alone.scores()).isEqualTo(scores(grid).get(id));
    }
    RunOptions options = options("alone", GRID, List.of());
    assertThatThrownBy(() -> Sweep.runTrial(options, "9-1", SILENT))
        .hasMessageContainingAll("--trial", "9-1", "1-1");
  }

  @Test
  void theRecordedConfigurationIsComplete() throws IOException {
    SweepPlan<?> plan =
        Sweep.plan(options("again", Files.readString(grid.resolve("config.yaml")), List.of()));
    assertThat(plan.trials(plan.points(), 0))
        .isEqualTo(planOf(GRID).trials(planOf(GRID).points(), 0));
  }

  @Test
  void theBestPointsExperimentRepeatsItsConfirmation() throws IOException {
    String best = Files.readString(grid.resolve("best.yaml"));
    assertThat(best)
        .startsWith("# The best point of the sweep sweep-test.")
        .contains("./cnnlab task2 --config ", "experiment: \"sweep-test-best\"", "repetitions: 2")
        .doesNotContain("batchSize");
    String asSweep =
        "experiment: again\nconfig: grid/best.yaml\nspace: {testTimeShift: [0]}\nconfirm: {repetitions: 0}\n";
    SweepResult again = run("again-best", asSweep);
    assertThat(again.best().score().values())
        .containsExactly(result.confirmation().best().values());
    assertThat(again.confirmation()).isNull();
    assertThat(Files.readString(temp.resolve("again-best/best.yaml")))
        .contains("was not run again on fresh draws");
  }

  @Test
  void oneTrialOnFreshDrawsHasNoSpread() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String yaml =
        TASK.replace("repetitions: 2", "repetitions: 1") + "space: {network.dropout: [0, 0.5]}\n";
    Sweep.run(
        options("once", yaml, List.of()),
        SweepOptions.HERE,
        new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("on fresh draws", "n too small")
        .doesNotContain("NaN");
    assertThat(Files.readString(temp.resolve("once/report.md"))).doesNotContain("NaN");
    assertThat(Files.readString(temp.resolve("once/report.html"))).doesNotContain("NaN<", "NaN ");
  }

  /** Ends the sweep after a given amount of output. */
  private static final class Killer extends ByteArrayOutputStream {
    private final String last;

    private Killer(String last) {
      this.last = last;
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) {
      super.write(bytes, from, count);
      if (toString(StandardCharsets.UTF_8).contains(last)) {
        throw new IllegalStateException("killed");
      }
    }
  }

  @Test
  void aResumedSweepHasTheSameResult() throws IOException {
    RunOptions options = options("killed", GRID + HALVING, List.of("threads=1"));
    PrintStream killer = new PrintStream(new Killer("2/6  "), true, StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Sweep.run(options, SweepOptions.HERE, killer)).hasMessage("killed");
    Path killed = temp.resolve("killed");
    Files.createDirectories(killed.resolve("trials/.tmp-1-1-1"));
    String finished = Files.readString(killed.resolve("trials/1-1-e1/outcome.json"));

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SweepResult resumed =
        Sweep.run(
            resume(killed), SweepOptions.HERE, new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("12 of them were finished earlier");
    assertThat(Files.readString(killed.resolve("trials/1-1-e1/outcome.json"))).isEqualTo(finished);
    assertThat(killed.resolve("trials/.tmp-1-1-1")).doesNotExist();
    assertThat(killed.resolve("checkpoints")).doesNotExist();
    assertThat(scores(killed)).isEqualTo(scores(temp.resolve("halved")));
    assertThat(withoutSeconds(killed.resolve("trials.csv")))
        .hasSize(1 + halved.trials())
        .isEqualTo(withoutSeconds(temp.resolve("halved/trials.csv")));
    assertThat(resumed.ranking())
        .extracting(SweepResult.PointResult::point)
        .containsExactlyElementsOf(
            halved.ranking().stream().map(SweepResult.PointResult::point).toList());
  }

  /** The lines of a table without what differs between runs. */
  private static List<String> withoutSeconds(Path csv) throws IOException {
    List<String> lines = Files.readAllLines(csv);
    int seconds = List.of(lines.get(0).split(",", -1)).indexOf("seconds");
    assertThat(seconds).isPositive();
    List<String> rest = new ArrayList<>();
    for (String line : lines) {
      List<String> cells = new ArrayList<>(List.of(line.split(",", -1)));
      cells.remove(seconds);
      rest.add(String.join(",", cells));
    }
    return rest;
  }

  @Test
  void halvingDropsTheWorseHalfAndDoesNotChangeTheOthers() throws IOException {
    assertThat(halved.trials()).isEqualTo((6 + 3 + 2) * 2 + 4);
    assertThat(halved.ranking())
        .extracting(SweepResult.PointResult::epochs)
        .containsExactly(0, 0, 2, 1, 1, 1);
    Map<String, Map<String, Double>> all = scores(grid);
    Map<String, Map<String, Double>> some = scores(temp.resolve("halved"));
    String best = halved.best().point() + "-1";
    assertThat(some.get(best)).isEqualTo(all.get(best));
    assertThat(some.get(best)).isNotEqualTo(some.get(best + "-e1"));
    double worst =
        halved.ranking().get(2).score().mean(); // dropped at epoch 2, the best of the dropped
    assertThat(meanAt(some, halved.best().point(), 2)).isGreaterThanOrEqualTo(worst);
  }

  private static double meanAt(Map<String, Map<String, Double>> scores, int point, int epochs) {
    return Stream.of(1, 2)
        .mapToDouble(
            r -> scores.get("%d-%d-e%d".formatted(point, r, epochs)).get("validationAccuracy"))
        .average()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "task2, 'epochs: 2, evaluationLimit: 100, network: {blocks: [[4]], dense: 0}'",
    "task3, 'data: synthetic, trainLimit: 128, evaluationLimit: 60, epochs: 1'"
  })
  void divergedTrialsHaveNoScoreButAreNotFailures(String task, String set) throws IOException {
    String yaml =
        """
        experiment: wild
        task: %s
        set: {%s}
        seed: 5
        repetitions: 1
        confirm: {repetitions: 0}
        maxFailures: 0
        space: {optimizer.learningRate: [1e-3, 1e30]}
        """
            .formatted(task, set);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String name = "wild-" + task;
    SweepResult wild =
        Sweep.run(
            options(name, yaml, List.of()),
            SweepOptions.HERE,
            new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(wild.failed()).isZero();
    assertThat(wild.diverged()).isEqualTo(1);
    assertThat(wild.best().point()).isEqualTo(1);
    assertThat(wild.ranking().get(1).score()).isNull();
    assertThat(wild.ranking().get(1).diverged()).isEqualTo(1);
    assertThat(column(temp.resolve(name + "/trials.csv"), "outcome"))
        .containsExactly("trained", "diverged");
    assertThat(Files.readString(temp.resolve(name + "/trials.csv"))).contains("epoch 1", " is ");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("2-1  DIVERGED, ", "epoch 1", "1 trial diverged without a score");
    TrialOutcome kept =
        TrialOutcome.ofJson(Files.readString(temp.resolve(name + "/trials/2-1/outcome.json")));
    assertThat(kept.diverged()).isTrue();
    assertThat(kept.scores()).isEmpty();

    String all = yaml.replace("[1e-3, 1e30]", "[1e29, 1e30]");
    assertThatThrownBy(() -> run(name + "-all", all))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("2 trials diverged", "1-1", "epoch 1", "learningRate");
  }

  @Test
  void failedTrialsAreRecordedAndTheOthersContinue() throws IOException {
    SweepPlan<?> plan = planOf(GRID);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Path directory = temp.resolve("failing");
    TrialFolders folders =
        new TrialFolders(RunDirectory.at(directory), new Origin(NullNode.getInstance()));
    TrialRunner runner =
        new TrialRunner(
            new Failing(2),
            folders,
            "validationAccuracy",
            2,
            () -> {},
            Output.plain(new PrintStream(out, true, StandardCharsets.UTF_8)));
    List<Trial> trials = plan.trials(plan.points(), 0);
    runner.run("test", trials);
    assertThat(runner.failed()).hasSize(2);
    assertThat(runner.value(trials.get(0))).isNaN();
    assertThat(runner.value(trials.get(2))).isEqualTo(0.5);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("1-1  FAILED: no luck");
    assertThat(Files.readString(directory.resolve("trials/1-1/error.txt")))
        .contains("IllegalStateException", "\tat ");
    assertThat(folders.read(trials.get(0))).isEmpty();
    assertThat(folders.read(trials.get(2))).isPresent();

    TrialRunner strict =
        new TrialRunner(
            new Failing(2), folders, "validationAccuracy", 1, () -> {}, Output.plain(SILENT));
    assertThatThrownBy(() -> strict.run("test", trials))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(
            "2 trials failed", "--max-failures 1", "1-1", "no luck", "--resume");
    TrialRunner patient =
        new TrialRunner(
            new Failing(0), folders, "validationAccuracy", 0, () -> {}, Output.plain(SILENT));
    patient.run("test", trials);
    assertThat(patient.failed()).isEmpty();
    assertThat(directory.resolve("trials/1-1/error.txt")).doesNotExist();
  }

  /** Makes the first trials fail, and reports every outcome twice. */
  private record Failing(int first) implements TrialExecutor {
    @Override
    public String describe() {
      return "nowhere";
    }

    @Override
    public void run(
        List<Trial> trials,
        Runnable check,
        Function<Trial, EpochWatcher> watches,
        WorkPool.ResultHandler<TrialOutcome> finished)
        throws IOException {
      for (int i = 0; i < trials.size(); i++) {
        TrialOutcome outcome =
            i < first
                ? TrialOutcome.failed(trials.get(i), new IllegalStateException("no luck"), 0)
                : TrialOutcome.of(trials.get(i), Map.of("validationAccuracy", 0.5), 0);
        if (!finished.accept(outcome) || !finished.accept(outcome)) {
          return;
        }
      }
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }

  @Test
  void anAblationIsASweepOfItsVariants() throws IOException {
    Path task = temp.resolve("ablation-task.yaml");
    Files.writeString(
        task,
        """
        seed: 3
        repetitions: 2
        epochs: 3
        evaluationLimit: 200
        network: {blocks: [[4], [8]], dense: 16}
        variants: [{name: plain, set: {augmentation: []}}, {name: all}]
        claims: [{claim: it helps, better: all, worse: plain}]
        """);
    SweepResult ablation =
        run(
            "ablation",
            "experiment: a\nconfig: ablation-task.yaml\nconfirm: {repetitions: 0}\nobjective: {name: validationLoss}\n");
    assertThat(ablation.maximise()).isFalse();
    assertThat(ablation.seed()).isEqualTo(3);
    assertThat(ablation.claims()).hasSize(1);
    Map<String, Double> means = new TreeMap<>();
    ablation.ranking().forEach(p -> means.put(p.levels().get("variant"), p.score().mean()));
    assertThat(ablation.claims().get(0).paired().meanDifference())
        .isCloseTo(means.get("plain") - means.get("all"), within(1e-12));
    assertThat(ablation.best().score().mean())
        .isLessThanOrEqualTo(ablation.ranking().get(1).score().mean());

    RunOptions alone =
        new RunOptions(
            task, List.of(), null, null, false, null, temp.resolve("task"), null, List.of());
    Task2.run(alone, SILENT);
    List<String> ofTask = column(temp.resolve("task/runs.csv"), "validationAccuracy");
    assertThat(column(temp.resolve("ablation/trials.csv"), "validationAccuracy"))
        .as("bit for bit those of the task's own run, whose rows go variant after variant")
        .containsExactly(ofTask.get(0), ofTask.get(2), ofTask.get(1), ofTask.get(3));
  }

  /** One column of a table, row by row. */
  private static List<String> column(Path csv, String name) throws IOException {
    List<String> lines = Files.readAllLines(csv);
    int column = List.of(lines.get(0).split(",")).indexOf(name);
    return lines.stream().skip(1).map(line -> line.split(",")[column]).toList();
  }

  @Test
  void aBuildWithoutSparkNamesTheBuildCommand() throws IOException {
    RunOptions options = options("spark", GRID, List.of());
    assertThatThrownBy(
            () -> Sweep.run(options, new SweepOptions("spark://nowhere:7077", false, null), SILENT))
        .hasMessageContainingAll(
            "--spark spark://nowhere:7077", "does not include Apache Spark", "mvn");
    RunOptions dl4j = options("spark", GRID, List.of("set={engine: dl4j}"));
    assertThatThrownBy(() -> Sweep.run(dl4j, new SweepOptions("local[2]", false, null), SILENT))
        .hasMessageContainingAll("--spark", "dl4j", "scratch");
    assertThat(temp.resolve("spark")).doesNotExist();
  }

  private static SweepPlan<?> planOf(String yaml) throws IOException {
    return Sweep.plan(options("plan", yaml, List.of()));
  }

  /** The scores of all trials of a run directory, by id. */
  private static Map<String, Map<String, Double>> scores(Path run) throws IOException {
    Map<String, Map<String, Double>> scores = new TreeMap<>();
    List<Path> folders = new ArrayList<>();
    try (Stream<Path> found = Files.list(run.resolve("trials"))) {
      found.forEach(folders::add);
    }
    for (Path folder : folders) {
      TrialOutcome outcome = TrialOutcome.ofJson(Files.readString(folder.resolve("outcome.json")));
      assertThat(outcome.id()).isEqualTo(folder.getFileName().toString());
      scores.put(outcome.id(), outcome.scores());
    }
    return scores;
  }
}
