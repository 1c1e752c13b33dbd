package cnnlab.task1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.cli.option.CommandLines;
import cnnlab.config.UsageException;
import cnnlab.inference.EpochWeights;
import cnnlab.model.file.ModelFiles;
import cnnlab.run.ExitCode;
import cnnlab.run.RunOptions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Task 1 with either engine, uninterrupted and resumed. */
class Task1ResumeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PrintStream SILENT = new PrintStream(OutputStream.nullOutputStream());

  @TempDir Path temp;

  private static RunOptions options(Path out, String... sets) {
    List<String> all =
        new ArrayList<>(List.of("epochs=3", "trainLimit=512", "evaluationLimit=200", "threads=1"));
    all.addAll(List.of(sets));
    return new RunOptions(null, all, 1L, null, false, null, out, null, List.of("task1"));
  }

  private static RunOptions resume(Path run) {
    return new RunOptions(
        null, List.of(), null, null, false, run, null, null, List.of("task1", "--resume"));
  }

  /** Ends the run when it reports its second epoch, which is in the checkpoint by then. */
  private static final class Killer extends ByteArrayOutputStream {
    @Override
    public synchronized void write(byte[] bytes, int from, int count) {
      super.write(bytes, from, count);
      if (toString(StandardCharsets.UTF_8).contains("epoch 2/3")) {
        throw new IllegalStateException("killed");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dl4j", "scratch"})
  void aKilledRunGoesOnToTheSameBits(String engine) throws IOException {
    Path whole = temp.resolve("whole");
    Path killed = temp.resolve("killed");
    String[] sets = {"engine=" + engine, "keepWeightsEvery=2"};
    Task1Result expected = Task1.run(options(whole, sets), SILENT);
    PrintStream killer = new PrintStream(new Killer(), true, StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Task1.run(options(killed, sets), killer)).hasMessage("killed");
    assertThat(killed).isDirectoryContaining("glob:**checkpoint.bin");
    // A killed process cannot record that it failed.
    Path status = killed.resolve("status.json");
    Files.writeString(status, Files.readString(status).replace("\"failed\"", "\"running\""));

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Task1Result result =
        Task1.run(resume(killed), new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("epoch 3/3")
        .doesNotContain("epoch 1/3", "epoch 2/3");
    assertThat(losses(killed)).hasSize(4).isEqualTo(losses(whole));
    assertThat(parameters(killed)).containsExactly(parameters(whole));
    EpochWeights kept = EpochWeights.beside(killed.resolve("model.zip"));
    assertThat(kept.epochs()).containsExactly(0, 2, 3);
    for (int epoch : kept.epochs()) {
      String file = EpochWeights.name(EpochWeights.FOLDER, epoch);
      assertThat(killed.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
    var model = ModelFiles.load(killed.resolve("model.zip"));
    assertThat(kept.at(3, model).params()).isEqualTo(model.params());
    assertThat(kept.at(2, model).params()).isNotEqualTo(model.params());
    assertThat(result.library()).isEqualTo(expected.library());
    assertThat(json(killed, "status.json").get("state").asText()).isEqualTo("finished");
    assertThat(killed).isDirectoryNotContaining("glob:**checkpoint.bin");
    assertThat(Files.list(killed).count()).isEqualTo(Files.list(whole).count());

    assertThatThrownBy(() -> Task1.run(resume(killed), SILENT))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("--resume", killed.toString(), "finished");
  }

  @Test
  void refusesToResumeWhereThereIsNoRun() throws IOException {
    Path configurationOnly = Files.createDirectory(temp.resolve("half"));
    Files.writeString(configurationOnly.resolve("config.yaml"), "seed: 1\n");
    for (Path directory : List.of(temp, temp.resolve("missing"), configurationOnly)) {
      assertThat(execute("--resume", directory.toString())).isEqualTo(ExitCode.USAGE);
      assertThatThrownBy(() -> Task1.run(resume(directory), SILENT))
          .isInstanceOf(UsageException.class)
          .hasMessageContainingAll("--resume", directory.toString(), "run directory");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--set=epochs=3", "--seed=2", "--threads=1", "--quick", "--out=x", "--config=x"})
  void aRunGoesOnWithItsOwnConfiguration(String other) {
    assertThat(execute("--resume", temp.toString(), other)).isEqualTo(ExitCode.USAGE);
  }

  private static int execute(String... arguments) {
    PrintStream before = System.err;
    System.setErr(SILENT);
    try {
      return CommandLines.execute(new cnnlab.cli.Task1Command(), arguments);
    } finally {
      System.setErr(before);
    }
  }

  @Test
  void theEngineFromScratchTrainsToTheSameAccuracy() throws IOException {
    Path library = temp.resolve("library");
    Path scratch = temp.resolve("scratch");
    Task1Result a = Task1.run(options(library), SILENT);
    Task1Result b = Task1.run(options(scratch, "engine=scratch", "kernels=fastest"), SILENT);
    assertThat(a.passed()).isTrue();
    assertThat(b.passed()).isTrue();
    assertThat(b.checks()).hasSameSizeAs(a.checks());
    assertThat(b.library().testLoss()).isCloseTo(a.library().testLoss(), within(1e-4));
    assertThat(b.library().testAccuracy()).isCloseTo(a.library().testAccuracy(), within(0.01));

    JsonNode engine = json(library, "provenance.json").get("engine");
    assertThat(engine.get("training").asText()).isEqualTo("dl4j");
    assertThat(engine.get("scratch.kernels").asText()).isEqualTo("reference");
    assertThat(engine.has("scratch.trainingKernels")).isFalse();
    String fastest = cnnlab.scratch.kernel.Kernels.best().name();
    engine = json(scratch, "provenance.json").get("engine");
    assertThat(engine.get("training").asText()).isEqualTo("scratch");
    assertThat(engine.get("scratch.kernels").asText()).isEqualTo(fastest);
    assertThat(engine.get("scratch.trainingKernels").asText()).isEqualTo(fastest);
  }

  /** history.csv without its last two columns, which are times. */
  private static List<String> losses(Path run) throws IOException {
    return Files.readAllLines(run.resolve("history.csv")).stream()
        .map(line -> line.split(","))
        .map(cells -> String.join(",", Arrays.copyOf(cells, cells.length - 2)))
        .toList();
  }

  private static float[] parameters(Path run) {
    return ModelFiles.load(run.resolve("model.zip")).params().dup('c').data().asFloat();
  }

  private static JsonNode json(Path run, String name) throws IOException {
    return JSON.readTree(run.resolve(name).toFile());
  }
}
