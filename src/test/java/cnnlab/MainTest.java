package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.cli.option.CommandLines;
import cnnlab.run.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;

class MainTest {
  @TempDir Path temp;

  @Test
  void helpNamesEveryCommandAndTheExitCodes() {
    Outcome help = Outcome.of("--help");
    assertThat(help.code()).isZero();
    assertThat(help.out())
        .contains("task1", "parity", "bench", "compare", "datasets", "Exit codes", "130");
    assertThat(help.err()).isEmpty();
  }

  @Test
  void helpOfAnExperimentListsItsOptionsAndKeys() {
    Outcome help = Outcome.of("task1", "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out())
        .contains("--config", "--set", "--seed", "--out", "--quick", "--threads", "--datasets")
        .containsPattern("optimizer.learningRate: a number, default 0.001\\R +Step size of Adam")
        .contains("dl4j.onednn: true or false, default true");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void helpOfParityListsItsKeys() {
    Outcome help = Outcome.of("parity", "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).contains("--resume").contains("steps: an integer, default 100");
  }

  @Test
  void helpOfBenchListsItsOptions() {
    Outcome help = Outcome.of("bench", "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out())
        .contains("--models", "--engines", "--threads", "--repeats", "--json", "--chart")
        .doesNotContain("--seconds");
  }

  @Test
  void optionsWithoutACommandAreAnsweredWithAllCommands() {
    Outcome outcome = Outcome.of("--");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains(
            "one of task1, task2, task3, sweep, parity, bench, compare, predict, summary, show, export, explore, report, augment, runs, datasets, completion");
  }

  @Test
  void versionIsThatOfTheBuild() {
    Outcome version = Outcome.of("--version");
    assertThat(version.code()).isZero();
    assertThat(version.out())
        .containsPattern("cnnlab \\d+\\.\\d+")
        .contains("Deeplearning4j 1.0.0-M2.1", "Java " + System.getProperty("java.version"))
        .doesNotContain("${");
  }

  @ParameterizedTest
  @CsvSource({
    "tusk1, tusk1",
    "--tolerence=1, --tolerence",
    "task1 --quik, --quik",
    "task1 --epochs 3, --set epochs=3",
    "task1 --epochs=3, --set epochs=3",
    "task2 --learning-rate 0.1, --set optimizer.learningRate=0.1",
    "task3 --trainLimit, --set trainLimit=VALUE",
    "sweep --repetitions 4 x.yaml, --set repetitions=4",
    "compare, MODEL",
    "datasets, subcommand",
    "task1 --seed=one, --seed",
    "task1 --threads=1.5, --threads",
    "task1 --resume X --set epochs=1, --resume",
    "parity --set stepz=1, steps",
    "runs diff x y --results=., x: no such run",
    "task1 --quiet --verbose, exclude",
    "task1 --ui, mvn -Pui",
    "bench --engines keras, keras",
    "bench --models task9, task9"
  })
  void wrongUsageIsExitCode2AndNamesTheWord(String line, String named) {
    Outcome outcome = Outcome.of(line.split(" "));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(named);
    assertThat(outcome.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "epoch=3, did you mean \"epochs\"",
    "optimizer.learningrate=0.1, did you mean \"optimizer.learningRate\"",
    "dl4j.oneDNN=true, did you mean \"dl4j.onednn\"",
    "epochs=many, expected an integer",
    "epochs=1.5, expected an integer",
    "dl4j.onednn=1, expected true or false",
    "epochs=0, must be at least 1",
    "epochs, expected key=value"
  })
  void aWrongConfigurationIsExitCode2AndSaysWhatToDo(String set, String said) {
    Path out = temp.resolve("out");
    Outcome outcome = Outcome.of("task1", "--quick", "--set", set, "--out", out.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("--set " + set, said).doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  @Test
  void aMissingConfigurationFileIsExitCode2() {
    Path file = temp.resolve("no.yaml");
    Outcome outcome = Outcome.of("task1", "--config", file.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(file.toString(), "no such configuration file");
  }

  @Test
  void anUnknownKeyInAFileIsExitCode2AndNamesTheLine() throws IOException {
    Path file = Files.writeString(temp.resolve("my.yaml"), "seed: 1\nepoch: 3\n");
    Outcome outcome = Outcome.of("task1", "--config", file.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(file + ", line 2", "did you mean \"epochs\"");
  }

  @Test
  void anOutputDirectoryWithSomethingInItIsExitCode2AndStaysAsItIs() throws IOException {
    Path file = Files.writeString(temp.resolve("precious"), "x");
    Outcome outcome = Outcome.of("task1", "--quick", "--out", temp.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("--out", temp.toString(), "not empty");
    assertThat(temp).isDirectoryNotContaining(f -> !f.equals(file));
  }

  @Test
  void aFaultOfOurOwnIsAFailedRunNotWrongUsage() {
    assertThat(CommandLines.execute(new Broken())).isEqualTo(ExitCode.FAILED);
  }

  @Command(name = "broken")
  private static final class Broken implements Runnable {
    @Override
    public void run() {
      throw new IllegalArgumentException("thrown by a test: this stack trace is expected");
    }
  }
}
