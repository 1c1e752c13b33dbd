package cnnlab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.bench.BenchClient.Request;
import cnnlab.cli.option.CommandLines;
import cnnlab.run.ExitCode;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The benchmark with times too short for meaningful figures. */
class BenchTest {
  @TempDir Path temp;

  @Test
  void oneShortRunGivesEveryRow() throws IOException {
    Path json = temp.resolve("new/bench.json");
    Path chart = temp.resolve("new/bench.png");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code =
        bench(
            out,
            "--models=task1",
            "--engines=scratch,dl4j-onednn",
            "--threads=1",
            "--repeats=1",
            "--seconds=0.01",
            "--json=" + json,
            "--chart=" + chart);
    assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).lines().findFirst().orElseThrow())
        .startsWith("Load average ");
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.get("provenance").get("machine").get("cores").asInt()).isPositive();
    assertThat(result.get("repeats").asInt()).isEqualTo(1);
    Set<String> settings = new HashSet<>();
    for (JsonNode row : result.get("rows")) {
      settings.add(text(row, "engine") + " " + text(row, "mode") + " " + text(row, "batch"));
      assertThat(text(row, "model")).isEqualTo("task1");
      assertThat(row.get("threads").asInt()).isEqualTo(1);
      double rate = row.get("imagesPerSecond").asDouble();
      assertThat(rate).isPositive();
      assertThat(row.get("min").asDouble()).isEqualTo(rate);
      assertThat(row.get("max").asDouble()).isEqualTo(rate);
      double perImage = row.get("gflops").asDouble() * 1e9 / rate;
      // 2·9·4·28² + 2·9·4·8·14² + 2·392·10, in training all but the first layer three times.
      assertThat(Math.round(perImage))
          .isEqualTo(text(row, "mode").equals("infer") ? 177_184 : 475_104);
      assertThat(row.get("ratio").asDouble()).isPositive();
    }
    assertThat(settings)
        .containsExactlyInAnyOrder(
            "scratch train 128",
            "scratch infer 128",
            "scratch infer 1000",
            "dl4j-onednn train 128",
            "dl4j-onednn infer 128",
            "dl4j-onednn infer 1000");
    assertThat(ImageIO.read(chart.toFile()).getWidth()).isEqualTo(960);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--engines=keras",
        "--models=task9",
        "--threads=0",
        "--threads=two",
        "--repeats=0",
        "--seconds=0",
        "--json=."
      })
  void wrongUsageIsExitCode2(String argument) {
    assertThat(bench(new ByteArrayOutputStream(), argument)).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void trainingTask3FitsItsHeap() throws IOException {
    assertThat(BenchClient.SCRATCH_HEAP).isEqualTo("512m");
    try (BenchClient worker = BenchClient.start("scratch", 2)) {
      Request request = new Request("scratch", 2, BenchModel.TASK3, "train", 128);
      assertThat(worker.measure(request, 0.01)).isPositive();
    }
  }

  @Test
  void reportsTheLastOutputOfAProcessThatEnds() throws IOException {
    try (BenchClient worker = BenchClient.start("reference", 1)) {
      Request request = new Request("reference", 1, BenchModel.TASK1, "train", -1);
      assertThatThrownBy(() -> worker.measure(request, 0.01))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll(
              "engine reference with 1 thread",
              "exit code 1",
              "task1 train at batch size -1",
              "NegativeArraySizeException");
    }
  }

  @Test
  void theRatioIsOverTheBestRowOfTheLibrary() {
    Request ours = new Request("scratch", 2, BenchModel.TASK1, "train", 128);
    assertThat(new Request("dl4j", 1, BenchModel.TASK1, "train", 128).isLibraryOf(ours)).isTrue();
    for (Request other :
        List.of(
            new Request("reference", 1, BenchModel.TASK1, "train", 128),
            new Request("dl4j", 1, BenchModel.TASK3, "train", 128),
            new Request("dl4j", 1, BenchModel.TASK1, "infer", 128))) {
      assertThat(other.isLibraryOf(ours)).isFalse();
    }
  }

  private static int bench(ByteArrayOutputStream out, String... arguments) {
    PrintStream before = System.out;
    PrintStream errBefore = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(System.out);
    try {
      return CommandLines.execute(new cnnlab.cli.BenchCommand(), arguments);
    } finally {
      System.setOut(before);
      System.setErr(errBefore);
    }
  }

  private static String text(JsonNode row, String key) {
    return row.get(key).asText();
  }
}
