package cnnlab.parity;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.run.RunOptions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison of two trainings with 20 steps instead of 100. */
class ParityTest {
  @TempDir Path temp;

  @Test
  void bothEnginesTakeEqualSteps() throws IOException {
    Path directory = temp.resolve("run");
    RunOptions options =
        new RunOptions(
            null, List.of(), null, null, true, null, directory, null, List.of("parity", "--quick"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Parity.Result result = Parity.run(options, new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(result.passed()).isTrue();
    assertThat(result.steps()).isEqualTo(20);
    assertThat(result.maxLossDifference()).isBetween(0.0, 1e-5);
    assertThat(result.maxParameterDifference()).isBetween(0.0, 1e-4);
    assertThat(result.parameters())
        .extracting(Parity.Parameter::values)
        .containsExactlyInAnyOrder(36L, 4L, 288L, 8L, 3920L, 10L);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("20 steps: ", "passed");

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "config.yaml",
              "difference.png",
              "loss.png",
              "provenance.json",
              "report.html",
              "report.md",
              "result.json",
              "status.json",
              "steps.csv",
              "tensorboard");
    }
    for (String curve : List.of("dl4j", "scratch", "difference")) {
      assertThat(directory.resolve("tensorboard").resolve(curve)).isNotEmptyDirectory();
    }
    List<String> steps = Files.readAllLines(directory.resolve("steps.csv"));
    assertThat(steps).hasSize(21);
    assertThat(steps.get(0)).isEqualTo("step,dl4j,scratch,difference,mark");
    double first = Double.parseDouble(steps.get(1).split(",")[1]);
    assertThat(Double.parseDouble(steps.get(20).split(",")[1])).isLessThan(first);
    JsonNode json = new ObjectMapper().readTree(directory.resolve("result.json").toFile());
    assertThat(json.get("passed").asBoolean()).isTrue();
    for (String image : List.of("loss.png", "difference.png")) {
      assertThat(ImageIO.read(directory.resolve(image).toFile()).getWidth()).isEqualTo(960);
    }
  }
}
