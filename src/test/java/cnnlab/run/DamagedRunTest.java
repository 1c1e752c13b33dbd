package cnnlab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import cnnlab.cli.Task1Command;
import cnnlab.cli.Task2Command;
import cnnlab.cli.option.CommandLines;
import cnnlab.store.RunDirectory;
import cnnlab.task1.Task1;
import cnnlab.task2.Task2;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Runs that were killed, and whose files were damaged or edited before they are resumed: they end
 * with the result of a run in one go, or say in one line why not.
 */
class DamagedRunTest {
  private static final PrintStream SILENT = new PrintStream(OutputStream.nullOutputStream());
  private static final List<String> SMALL =
      List.of(
          "epochs=1",
          "repetitions=2",
          "trainSize=32",
          "evaluationLimit=20",
          "network.blocks=[[2]]",
          "network.dense=4",
          "threads=1");
  private static final List<String> TASK1 =
      List.of("engine=scratch", "epochs=2", "trainLimit=256", "evaluationLimit=50", "threads=1");

  @TempDir static Path temp;

  private static Path whole;
  private static Path killed;
  private static Path whole1;
  private static Path killed1;

  private enum Damage {
    TRUNCATE,
    FLIP_EARLY,
    FLIP_LATE,
    EMPTY,
    DELETE,
    DIRECTORY;

    void to(Path file) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      Files.delete(file);
      switch (this) {
        case TRUNCATE -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        case FLIP_EARLY -> Files.write(file, flip(bytes, bytes.length / 5));
        case FLIP_LATE -> Files.write(file, flip(bytes, bytes.length * 4 / 5));
        case EMPTY -> Files.write(file, new byte[0]);
        case DELETE -> {}
        case DIRECTORY -> Files.createDirectories(file.resolve("folder"));
      }
    }

    private static byte[] flip(byte[] bytes, int at) {
      bytes[at] ^= 1;
      return bytes;
    }
  }

  /** Ends the run when it says something. */
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

  private static RunOptions options(Path out, List<String> sets) {
    return new RunOptions(null, sets, 3L, null, false, null, out, null, List.of("task"));
  }

  @BeforeAll
  static void killOne() throws IOException {
    whole = temp.resolve("whole");
    Task2.run(options(whole, SMALL), SILENT);
    killed = temp.resolve("killed");
    PrintStream killer = new PrintStream(new Killer("1/2"), true, StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Task2.run(options(killed, SMALL), killer)).hasMessage("killed");
    asKilled(killed);
    whole1 = temp.resolve("whole1");
    Task1.run(options(whole1, TASK1), SILENT);
    killed1 = temp.resolve("killed1");
    PrintStream killer1 = new PrintStream(new Killer("epoch 1/2"), true, StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Task1.run(options(killed1, TASK1), killer1)).hasMessage("killed");
    asKilled(killed1);
  }

  /** A process that is killed has no time to say that it failed. */
  private static void asKilled(Path run) throws IOException {
    Path status = run.resolve("status.json");
    Files.writeString(status, Files.readString(status).replace("\"failed\"", "\"running\""));
  }

  /**
   * Every kind of file with every damage, and each file with half of them: files that one class
   * reads stand beside each other and share the damages between them.
   */
  static Stream<Arguments> task2() {
    return Stream.of(
            shared("config.yaml", "config.yaml"),
            shared("status.json", "provenance.json"),
            shared("origin.json", "trainings/task2-report-1.json"),
            shared("trainings/task2-report-1.manifest.json", "trainings/task2-report-1.npy"),
            shared("models/task2-report-1.zip", "models/task2-report-1.csv"))
        .flatMap(cases -> cases);
  }

  private static Stream<Arguments> shared(String first, String second) {
    return Stream.of(Damage.values())
        .map(damage -> Arguments.of(damage.ordinal() % 2 == 0 ? first : second, damage));
  }

  @ParameterizedTest
  @MethodSource("task2")
  void aDamagedFileChangesNoResult(String file, Damage damage) throws IOException {
    Path run = copy(killed, "damaged");
    damage.to(run.resolve(file));
    Said said = resume(Task2Command::new, run);
    if (said.ended(run)) {
      assertThat(withoutTimes(run.resolve("runs.csv"), 2))
          .isEqualTo(withoutTimes(whole.resolve("runs.csv"), 2));
      assertThat(Files.readAllBytes(run.resolve("trainings/task2-report-1.npy")))
          .isEqualTo(Files.readAllBytes(whole.resolve("trainings/task2-report-1.npy")));
      if (file.startsWith("trainings/") || file.startsWith("models/")) {
        assertThat(said.err).contains("task2-report #1 is trained again", file);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"trainings", "models", "tensorboard"})
  void aFolderThatIsAFileIsNamed(String folder) throws IOException {
    Path run = copy(killed, "folder");
    RunDirectory.delete(run.resolve(folder));
    Files.writeString(run.resolve(folder), "no folder");
    Said said = resume(Task2Command::new, run);
    if (said.ended(run)) {
      assertThat(withoutTimes(run.resolve("runs.csv"), 2))
          .isEqualTo(withoutTimes(whole.resolve("runs.csv"), 2));
    } else {
      assertThat(said.err).contains(run.resolve(folder).toString());
    }
  }

  static Stream<Arguments> task1() {
    return Stream.concat(
        shared("checkpoint.bin", "checkpoint.bin"), shared("origin.json", "split.csv"));
  }

  @ParameterizedTest
  @MethodSource("task1")
  void aDamagedCheckpointChangesNoResult(String file, Damage damage) throws IOException {
    Path run = copy(killed1, "damaged1");
    damage.to(run.resolve(file));
    Said said = resume(Task1Command::new, run);
    if (said.ended(run)) {
      assertThat(withoutTimes(run.resolve("history.csv"), 2))
          .isEqualTo(withoutTimes(whole1.resolve("history.csv"), 2));
      if (file.equals("checkpoint.bin") && damage != Damage.DELETE) {
        assertThat(said.err).contains("checkpoint.bin", "the training starts over");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "seed: 3/seed: 4",
        "epochs: 1/epochs: 2",
        "repetitions: 2/repetitions: 3",
        "evaluationLimit: 20/evaluationLimit: 3",
        "experiment: \"task2-report\"/experiment: \"other\""
      })
  void anEditedConfigurationIsRefusedAndTheRunStaysAsItWas(String edit) throws IOException {
    Path run = copy(killed, "edited");
    edit(run, edit);
    Said said = resume(Task2Command::new, run);
    String key = edit.substring(0, edit.indexOf(':'));
    assertThat(said.code).as(said.err).isEqualTo(ExitCode.USAGE);
    assertThat(said.err).contains(run.toString(), key + " was ", "start a new run");
    assertThat(Files.readString(run.resolve("status.json"))).contains("\"running\"");
    assertThat(Files.readAllBytes(run.resolve("provenance.json")))
        .isEqualTo(Files.readAllBytes(killed.resolve("provenance.json")));
    // Without the run's own record of it, those of its trainings count.
    Files.delete(run.resolve("origin.json"));
    said = resume(Task2Command::new, run);
    assertThat(said.code).as(said.err).isEqualTo(ExitCode.USAGE);
    assertThat(said.err).contains(key + " was ");
  }

  @Test
  void theNumberOfThreadsMayChange() throws IOException {
    Path run = copy(killed, "threads");
    edit(run, "threads: 1/threads: 2");
    Said said = resume(Task2Command::new, run);
    assertThat(said.code).as(said.err).isZero();
    assertThat(withoutTimes(run.resolve("runs.csv"), 2))
        .isEqualTo(withoutTimes(whole.resolve("runs.csv"), 2));
  }

  @Test
  void anotherSeedIsRefusedInTask1AlsoByTheCheckpointAlone() throws IOException {
    Path run = copy(killed1, "seed");
    edit(run, "seed: 3/seed: 4");
    Said said = resume(Task1Command::new, run);
    assertThat(said.code).as(said.err).isEqualTo(ExitCode.USAGE);
    assertThat(said.err).contains("seed was 3, is 4");
    Files.delete(run.resolve("origin.json"));
    said = resume(Task1Command::new, run);
    assertThat(said.code).as(said.err).isEqualTo(ExitCode.USAGE);
    assertThat(said.err).contains("checkpoint.bin", "another training").doesNotContain("\tat ");
  }

  @Test
  void aFinishedRunGetsThePageThatItLacks() throws IOException {
    Path run = copy(whole, "finished");
    Said said = resume(Task2Command::new, run);
    assertThat(said.code).isEqualTo(ExitCode.USAGE);
    assertThat(said.err).contains("finished run");
    byte[] page = Files.readAllBytes(run.resolve("report.html"));
    Files.delete(run.resolve("report.html"));
    Files.createDirectories(run.resolve("models"));
    said = resume(Task2Command::new, run);
    assertThat(said.code).as(said.err).isZero();
    assertThat(said.out).contains("report.html");
    assertThat(run.resolve("report.html")).isNotEmptyFile();
    assertThat(Files.size(run.resolve("report.html"))).isCloseTo(page.length, within(5_000L));
    assertThat(run.resolve("models")).doesNotExist();
    assertThat(run.resolve("run.lock")).doesNotExist();
  }

  private record Said(int code, String out, String err) {
    /** Whether the run has its result; otherwise there is one line that says why. */
    boolean ended(Path run) {
      assertThat(err).doesNotContain("\tat ");
      if (code != ExitCode.OK) {
        assertThat(code).as(err).isIn(ExitCode.USAGE, ExitCode.FAILED);
        assertThat(err.strip().lines().filter(line -> !line.contains(" WARN "))).as(err).hasSize(1);
        assertThat(run.resolve("result.json")).doesNotExist();
      }
      return code == ExitCode.OK;
    }
  }

  private static Said resume(Supplier<Callable<Integer>> command, Path run) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      // Another test may have asked for silence.
      ((Logger) LoggerFactory.getLogger("cnnlab")).setLevel(Level.INFO);
      int code = CommandLines.execute(command.get(), "--resume", run.toString());
      return new Said(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }

  private static void edit(Path run, String edit) throws IOException {
    Path config = run.resolve("config.yaml");
    String[] parts = edit.split("/");
    String before = Files.readString(config);
    String after = before.replaceFirst("(?m)^" + parts[0] + "$", parts[1]);
    assertThat(after).isNotEqualTo(before);
    Files.writeString(config, after);
  }

  private static List<String> withoutTimes(Path csv, int last) throws IOException {
    List<String> rows = new ArrayList<>();
    for (String line : Files.readAllLines(csv)) {
      String[] cells = line.split(",", -1);
      rows.add(String.join(",", Arrays.copyOf(cells, cells.length - last)));
    }
    return rows;
  }

  private static Path copy(Path from, String name) throws IOException {
    Path to = temp.resolve(name);
    RunDirectory.delete(to);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }
}
