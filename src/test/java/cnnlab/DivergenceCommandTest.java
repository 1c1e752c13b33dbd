package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command that trains says that a training diverged, and ends with 1. */
class DivergenceCommandTest {
  private static final String[] WILD = {"--set", "optimizer.learningRate=1e30"};

  @TempDir Path temp;

  private Outcome run(String... arguments) {
    String[] all = new String[arguments.length + 2 + WILD.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(WILD, 0, all, arguments.length, WILD.length);
    all[all.length - 2] = "--out";
    all[all.length - 1] = temp.resolve("run").toString();
    return Outcome.of(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dl4j", "scratch"})
  void task1(String engine) {
    Outcome outcome =
        run("task1", "--quick", "--set", "engine=" + engine, "--set", "trainLimit=1000");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("the training diverged, ", "epoch 1", " is ", "smaller")
        .doesNotContain("\tat ");
    assertThat(outcome.out()).doesNotContain("accuracy", "passed");
    assertThat(temp.resolve("run/status.json")).content().contains("failed", "diverged");
    assertThat(temp.resolve("run/model.zip")).doesNotExist();
    assertThat(temp.resolve("run/history.csv")).content().startsWith("epoch,").hasLineCount(1);
  }

  @Test
  void parity() {
    Outcome outcome = run("parity", "--quick");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("the training diverged, epoch 1, batch ", "loss")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource({"task2, epochs=1", "task3, data=synthetic"})
  void repeatedTrainings(String task, String set) {
    Outcome outcome =
        run(
            task,
            "--quick",
            "--set",
            set,
            "--set",
            "epochs=1",
            "--set",
            "repetitions=1",
            "--set",
            "evaluationLimit=20");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).contains("1 of 1 training diverged", "epoch 1", " is ", "smaller");
    assertThat(outcome.err()).contains("no training of " + task).doesNotContain("\tat ");
  }
}
