package cnnlab.task2;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.config.ConfigLoader;
import cnnlab.engine.EngineKind;
import cnnlab.experiment.ExperimentFilesTest;
import cnnlab.run.RunOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both engines run every file of Task 2: all variants once, with one epoch instead of hundreds. */
class Task2EnginesTest {
  private static final PrintStream SILENT = new PrintStream(OutputStream.nullOutputStream());

  @TempDir static Path temp;

  static Stream<Arguments> files() throws IOException {
    return ExperimentFilesTest.files().stream()
        .filter(file -> file.getFileName().toString().startsWith("task2-"))
        .flatMap(file -> Stream.of(EngineKind.values()).map(engine -> Arguments.of(file, engine)));
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileRunsWithEveryEngine(Path file, EngineKind engine) throws IOException {
    String name = engine + "-" + file.getFileName();
    String whole = Files.readString(file);
    String brief = whole.replaceAll("epochs: \\d+", "epochs: 1");
    List<String> sets =
        List.of(
            "engine=" + engine.toString().toLowerCase(Locale.ROOT),
            "epochs=1",
            "repetitions=1",
            "evaluationLimit=50");
    Task2Config given =
        ConfigLoader.load(Task2Config.class, Task2Config.DEFAULT, file, sets).value();
    Task2Result result =
        Task2.run(
            new RunOptions(
                Files.writeString(temp.resolve(name), brief),
                sets,
                null,
                null,
                false,
                null,
                temp.resolve(name + "-run"),
                null,
                List.of("task2")),
            SILENT);
    assertThat(result.engine()).isEqualToIgnoringCase(engine.toString());
    assertThat(result.n()).isEqualTo(1);
    assertThat(result.mean()).isBetween(0.0, 1.0);
    if (!given.variants().isEmpty()) {
      assertThat(result.variants()).hasSameSizeAs(given.variants());
    }
  }
}
