package cnnlab.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.config.ConfigException;
import cnnlab.run.RunOptions;
import cnnlab.sweep.space.Point;
import cnnlab.sweep.trial.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The contents of a sweep's file, and the messages about errors in it. */
class SweepConfigTest {
  @TempDir Path temp;

  private static RunOptions options(Path file, String... sets) {
    return new RunOptions(
        file, List.of(sets), null, null, false, null, null, null, List.of("sweep"));
  }

  private SweepPlan<?> plan(String yaml) throws IOException {
    return Sweep.plan(options(Files.writeString(temp.resolve("s.yaml"), yaml)));
  }

  /** The plan of each file; new files are added here. */
  private static final Map<String, Planned> PLANS =
      Map.of(
          "sweep-task2.yaml", new Planned(8, 3, 0, 5),
          "sweep-task3.yaml", new Planned(12, 2, 0, 3),
          "sweep-task2-ablation.yaml", new Planned(10, 10, 11, 0),
          "sweep-task2-recipe.yaml", new Planned(6, 6, 5, 0),
          "sweep-task3-ablation.yaml", new Planned(9, 5, 9, 0));

  /** Numbers of points, shared draws, claims, and fresh draws for the best point. */
  private record Planned(int points, int repetitions, int claims, int fresh) {}

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("experiments"))) {
      return files.filter(f -> f.getFileName().toString().startsWith("sweep-")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileIsAValidPlanAndNamesItsCommand(Path file) throws IOException {
    SweepPlan<?> plan = Sweep.plan(options(file));
    assertThat(
            new Planned(
                plan.points().size(),
                plan.config().repetitions(),
                plan.claims().size(),
                plan.config().confirm().repetitions()))
        .isEqualTo(PLANS.get(file.getFileName().toString()));
    assertThat(plan.trials(plan.points(), 0))
        .hasSize(plan.points().size() * plan.config().repetitions());
    assertThat(Files.readString(file))
        .startsWith("# ")
        .contains("./cnnlab sweep experiments/" + file.getFileName());
    assertThat(file.getFileName()).hasToString(plan.config().experiment() + ".yaml");
  }

  @ParameterizedTest
  @CsvSource({"task2, 3, none", "task3, 2, flips"})
  void theAblationsAreValidPlans(String task, int seed, String first) throws IOException {
    SweepPlan<?> plan =
        Sweep.plan(options(Path.of("experiments", "sweep-%s-ablation.yaml".formatted(task))));
    assertThat(plan.points().get(0).text()).isEqualTo(first);
    assertThat(plan.config().objective().name()).isEqualTo("validationAccuracy");
    assertThat(plan.trials(plan.points(), 0))
        .allSatisfy(t -> assertThat(t.configuration()).contains("seed: " + seed + "\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "space: {optimizer.learningRat: [1]}|unknown key \"optimizer.learningRat\"|optimizer.learningRate",
        "set: {epoch: 2}|unknown key \"epoch\"|epochs",
        "spase: {epochs: [1]}|unknown key \"spase\"|space",
        "space: {}|space is empty|variants",
        "space: {epochs: []}|epochs is an empty list|at least one value",
        "space: {epochs: [1, 1]}|[1, 1]|distinct values",
        "space: {epochs: 3}|epochs is 3|a list of values",
        "space: {network.dropout: {range: [0, 0.5]}}|infinite|steps: n",
        "space: {network.dropout: {range: [0.5, 0], steps: 3}}|range is [0.5, 0]|low < high",
        "space: {network.dropout: {rnge: [0, 0.5]}}|unknown key \"rnge\"|range",
        "space: {network.dropout: {range: [0, 0.5], log: [1, 2]}}|range and log|one of",
        "space: {network.dropout: {range: [0, 0.5], steps: 1}}|steps is 1|at least 2",
        "space: {optimizer.learningRate: {log: [0, 0.5], steps: 3}}|log is [0, 0.5]|0 < low < high",
        "space: {epochs: {integers: [1.5, 3]}}|integers is [1.5, 3]|two integers",
        "space: {epochs: {logIntegers: [1, 4], steps: 5}}|steps is 5|at most 4",
        "space: {network.dropout: [1.5]}|dropout is 1.5|less than 1",
        "space: {seed: [1, 2]}|seed|belongs to the sweep",
        "space: {evaluationLimit: [1, 2]}|evaluationLimit|the same for all",
        "space: {epochs: {integers: [1, 500]}, network.dense: {integers: [1, 500]}}|250,000 points (500 x 500), 5 times each: 1,250,000 trials|limit: 1,000",
        "{space: {epochs: [1, 2]}, search: {method: sobol, points: 3}}|points is 3|only 2 different",
        "{space: {epochs: [1, 2]}, search: {points: 3}}|points is 3|0 for a grid",
        "{space: {epochs: [1, 2]}, search: {method: gird}}|gird|grid",
        "{space: {epochs: [1, 2]}, objective: {name: testAccuracy}}|testAccuracy|validationAccuracy, validationLoss",
        "{space: {epochs: [1, 2]}, objective: {name: validationAcuracy}}|validationAcuracy|did you mean validationAccuracy",
        "{space: {epochs: [1, 2]}, halving: [1]}|halving|same for all",
        "{space: {network.dropout: [0, 0.1]}, halving: [200]}|halving is [200]|below",
        "{space: {network.dropout: [0, 0.1]}, halving: [20, 10]}|halving is [20, 10]|ascending",
        "{space: {epochs: [1]}, variants: [{name: a, set: {epochs: 2}}]}|a sets epochs|one of the two",
        "{task: task2, variants: [{name: a}, {name: b}]}|same configuration|different",
        "{task: task2, variants: [{name: a}, {set: {epochs: 2}}]}|variants: {set={epochs=2}}|a unique name",
        "{task: task9, space: {epochs: [1]}}|task is task9|task2, task3",
        "{space: {epochs: [1]}, config: nowhere.yaml}|nowhere.yaml|no such"
      })
  void errorsNameTheFile(String yaml, String found, String expected) {
    assertThatThrownBy(() -> plan(yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(found, expected)
        .message()
        .containsAnyOf("s.yaml", "nowhere.yaml");
  }

  @Test
  void gridsCoverAllCombinations() throws IOException {
    List<Point> points =
        plan("""
                space:
                  optimizer.learningRate: {log: [1e-3, 1e-1], steps: 3}
                  network.dense: {integers: [3, 4]}
                  network.dropout: {range: [0, 0.5], steps: 2}
                """)
            .points();
    assertThat(points).hasSize(12);
    assertThat(points.get(0).text()).isEqualTo("0.001  3  0");
    assertThat(points.get(1).text()).isEqualTo("0.001  3  0.5");
    assertThat(points.get(2).text()).isEqualTo("0.001  4  0");
    assertThat(points.get(11).text()).isEqualTo("0.1  4  0.5");
    assertThat(points.get(4).levels().get(0).place()).isEqualTo(0.5);
  }

  @Test
  void sobolPointsAreEvenAndDependOnTheSeed() throws IOException {
    String yaml =
        """
        space:
          optimizer.learningRate: {log: [1e-4, 1e-1]}
          network.dropout: {range: [0, 0.9]}
          network.dense: {logIntegers: [1, 1023]}
        search: {method: sobol, points: 32}
        seed: %d
        repetitions: 1
        """;
    List<Point> points = plan(yaml.formatted(1)).points();
    for (int axis = 0; axis < 2; axis++) {
      int a = axis;
      int[] counts = new int[16];
      points.forEach(p -> counts[(int) Math.min(15, p.levels().get(a).place() * 16)]++);
      assertThat(Arrays.stream(counts)).as("axis %d", axis).containsOnly(2);
    }
    assertThat(points)
        .allSatisfy(p -> assertThat((Integer) p.sets().get("network.dense")).isBetween(1, 1023));
    assertThat(plan(yaml.formatted(1)).points()).isEqualTo(points);
    assertThat(plan(yaml.formatted(2)).points()).isNotEqualTo(points);
    assertThat(plan(yaml.replace("sobol", "random").formatted(1)).points())
        .hasSize(32)
        .isNotEqualTo(points);
  }

  @Test
  void trialsShareDrawsAndTheConfirmationUsesOthers() throws IOException {
    SweepPlan<?> plan = plan("space: {network.dropout: [0, 0.1]}\nseed: 4\nrepetitions: 2\n");
    assertThat(plan.trials(plan.points(), 0))
        .extracting(Trial::id)
        .containsExactly("1-1", "2-1", "1-2", "2-2");
    assertThat(plan.trials(plan.points(), 0))
        .allSatisfy(t -> assertThat(t.configuration()).contains("\nseed: 4\n"));
    assertThat(plan.confirmation(plan.points().get(0)))
        .hasSize(5)
        .allSatisfy(t -> assertThat(t.configuration()).doesNotContain("\nseed: 4\n"));
  }
}
