package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** With {@code -q} commands say results and errors only: no progress, no advice, no warnings. */
class QuietTest {
  private static final String MODEL = "results/reference/task1/model.zip";

  private static Level root;
  private static Level ours;

  @TempDir Path temp;

  @BeforeAll
  static void levels() {
    root = logger(org.slf4j.Logger.ROOT_LOGGER_NAME).getLevel();
    ours = logger("cnnlab").getLevel();
  }

  @AfterAll
  static void restore() {
    logger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(root);
    logger("cnnlab").setLevel(ours);
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  /** What a command says more without {@code -q}; with it, nothing on standard error. */
  private static Outcome quiet(
      int code, List<String> results, List<String> progress, String... line) {
    Outcome outcome =
        Outcome.of(Stream.concat(Stream.of("-q"), Stream.of(line)).toArray(String[]::new));
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isEqualTo(code);
    assertThat(outcome.out()).contains(results);
    progress.forEach(words -> assertThat(outcome.out()).doesNotContain(words));
    return outcome;
  }

  private Path images() {
    Path file = temp.resolve("x.npy");
    NpyFile.write(file, new NpyArray(new int[] {2, 28, 28, 1}, new float[2 * 28 * 28]));
    return file;
  }

  @Test
  void parity() {
    quiet(
        0,
        List.of("2 steps", "passed"),
        List.of("TRIAL RUN", "Training"),
        "parity",
        "--set",
        "steps=2",
        "--out",
        temp.resolve("out").toString());
  }

  @Test
  void predict() {
    String y = temp.resolve("y.csv").toString();
    quiet(
        0,
        List.of("Inputs by predicted class", y + " written"),
        List.of("inputs/s", "threads"),
        "predict",
        MODEL,
        "--inputs",
        images().toString(),
        "--out",
        y);
  }

  @Test
  void compare() {
    quiet(
        0,
        List.of("Within tolerance"),
        List.of("Comparing"),
        "compare",
        MODEL,
        "--inputs",
        images().toString());
  }

  @Test
  void runs() throws Exception {
    Path run = temp.resolve("task2").resolve("run");
    java.nio.file.Files.createDirectories(run);
    java.nio.file.Files.writeString(
        run.resolve("status.json"),
        "{\"state\": \"interrupted\", \"startedAt\": \"2026-01-01T00:00:00Z\"}");
    java.nio.file.Files.writeString(
        run.resolve("provenance.json"), "{\"arguments\": [\"task2\", \"--quick\"]}");
    Outcome loud = Outcome.of("runs", "--results", temp.toString());
    assertThat(loud.out()).contains("interrupted", "resume with ");
    quiet(0, List.of("interrupted"), List.of("resume with"), "runs", "--results", temp.toString());
  }

  @Test
  void datasets() {
    quiet(0, List.of("mnist"), List.of(), "datasets", "list");
    quiet(
        0,
        List.of(" ok"),
        List.of("WARN"),
        "datasets",
        "verify",
        "mnist",
        "--datasets",
        "datasets");
    // A folder that is not there is a warning.
    String missing = temp.resolve("none").toString();
    assertThat(Outcome.of("-v", "datasets", "list", "--datasets", missing).err())
        .contains("no such folder");
    quiet(0, List.of("mnist"), List.of(), "datasets", "list", "--datasets", missing);
  }
}
