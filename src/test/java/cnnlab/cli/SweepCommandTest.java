package cnnlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.Outcome;
import cnnlab.run.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepCommandTest {
  private static final String FILE = "experiments/sweep-task2.yaml";

  @TempDir Path temp;

  @Test
  void helpListsOptionsAndKeys() {
    Outcome help = Outcome.of("sweep", "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out())
        .contains("FILE", "--resume", "--trial", "--dry-run", "--max-failures", "--spark")
        .containsPattern("search.method: one of grid, random, sobol, default grid");
  }

  @Test
  void aDryRunShowsThePoints() {
    Outcome outcome = Outcome.of("sweep", FILE, "--dry-run", "--set", "search.points=3");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .contains("optimizer.learningRate", "3 points x 3 = 9 trials", "5 trials of the best");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sweep|needs a FILE",
        "sweep nowhere.yaml|nowhere.yaml: no such configuration file",
        "sweep FILE --resume results|it excludes FILE",
        "sweep --resume nowhere|nowhere is not a run directory",
        "sweep --resume results --seed 3|excludes --set, --seed",
        "sweep FILE --trial 99-1|there is no trial 99-1",
        "sweep FILE --max-failures=-1|--max-failures is -1",
        "sweep FILE --shared-data|--spark MASTER",
        "sweep FILE --set search.points=500|1,500 trials, more than limit: 1,000",
        "sweep FILE --set objective.name=x|validationAccuracy, validationLoss",
        "sweep FILE --set space={epoch:[1,2]}|did you mean \"epochs\"?"
      })
  void wrongUsageIsAnsweredWithWhatIsRight(String line, String message) {
    Outcome outcome = Outcome.of(line.replace("FILE", FILE).split(" "));
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains(message).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spase: {epochs: [1]}|unknown key \"spase\" (a section); did you mean \"space\"?",
        "space: {optimizer.learningRat: [1]}|did you mean \"optimizer.learningRate\"?",
        "{space: {epochs: [1, 2]}, set: {epoch: 2}}|did you mean \"epochs\"?",
        "space: {}|space is empty; expected at least one key",
        "space: {epochs: []}|epochs is an empty list",
        "space: {network.dropout: {range: [0, 0.5]}}|a grid over it would be infinite; give it steps: n",
        "space: {epochs: {integers: [1, 500]}, network.dense: {integers: [1, 500]}}|250,000 points (500 x 500), 5 times each: 1,250,000 trials, more than limit: 1,000; raise search.limit",
        "{space: {epochs: [1, 2]}, objective: {name: testAccuracy}}|expected one of validationAccuracy, validationLoss",
        "space: {network.dropout: {range: [0.5, 0], steps: 3}}|range is [0.5, 0]; expected [low, high], two numbers with low < high",
        "space: {optimizer.learningRate: {log: [0, 0.5], steps: 3}}|two numbers with 0 < low < high",
        "space: {network.dense: {integers: [1.5, 3]}}|two integers",
        "space: {network.dropout: [1.5]}|less than 1"
      })
  void aFileThatIsWrongIsWrongUsageAndNothingIsWritten(String yaml, String message)
      throws IOException {
    Path file = Files.writeString(temp.resolve("wrong.yaml"), yaml);
    Path out = temp.resolve("out");
    Outcome outcome = Outcome.of("sweep", file.toString(), "--out", out.toString());
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("wrong.yaml", message).doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "task2-ablation.yaml|of task2 or task3|sweep-task2-ablation.yaml",
        "task3-ablation.yaml|of task2 or task3|sweep-task3-ablation.yaml",
        "task2-engines.yaml|--config experiments/task2-engines.yaml|config: task2-engines.yaml",
        "task2-report.yaml|of task2, not a sweep|task: task2",
        "task3-best.yaml|of task3, not a sweep|./cnnlab task3 --config experiments/task3-best.yaml"
      })
  void aTasksFileIsNotTakenForASweepOfAnotherTask(String name, String found, String expected) {
    Outcome outcome = Outcome.of("sweep", "experiments/" + name, "--dry-run");
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains(name, found, expected);
  }

  @Test
  void aTrialThatFailsIsAFailedRun() throws IOException {
    Path file =
        Files.writeString(
            temp.resolve("s.yaml"),
            "experiment: s\nset: {init: %s}\nspace: {network.dropout: [0, 0.1]}\n"
                .formatted(temp.resolve("missing.zip")));
    Outcome outcome = Outcome.of("sweep", file.toString(), "--trial", "1-1");
    assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.out()).contains("\"message\" : ", "missing.zip");
    Path out = temp.resolve("out");
    assertThat(Outcome.of("sweep", file.toString(), "--out", out.toString()).code())
        .isEqualTo(ExitCode.USAGE);
    assertThat(out).doesNotExist();
  }
}
