package cnnlab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cnnlab.bench.worker.Peer;
import cnnlab.cli.option.CommandLines;
import cnnlab.run.ExitCode;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.ServiceLoader;
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
            "--batch=1,16",
            "--repeats=1",
            "--seconds=0.01",
            "--roofline",
            "--json=" + json,
            "--chart=" + chart);
    assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("Load average ")
        .contains("median", "99 %", "over library", "task1, 16 images, 1 thread");
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
      int calls = row.get("calls").asInt();
      assertThat(calls).isPositive();
      assertThat(row.get("latency").asDouble()).isPositive();
      assertThat(row.get("fastest").asDouble())
          .isPositive()
          .isLessThanOrEqualTo(row.get("latency").asDouble());
      assertThat(row.get("latency99").isNull()).isEqualTo(calls < 100);
      double perImage = row.get("gflops").asDouble() * 1e9 / rate;
      // 2·9·4·28² + 2·9·4·8·14² + 2·392·10, in training all but the first layer three times.
      assertThat(Math.round(perImage))
          .isEqualTo(text(row, "mode").equals("infer") ? 177_184 : 475_104);
      assertThat(row.get("ratio").asDouble()).isPositive();
    }
    assertThat(settings)
        .containsExactlyInAnyOrder(
            "scratch train 128",
            "scratch infer 1",
            "scratch infer 16",
            "dl4j-onednn train 128",
            "dl4j-onednn infer 1",
            "dl4j-onednn infer 16");
    assertThat(ImageIO.read(chart.toFile()).getWidth()).isEqualTo(960);
    checkRooflines(result);
  }

  private static void checkRooflines(JsonNode result) {
    assertThat(result.get("peaks").get(0).get("bandwidth").asDouble()).isPositive();
    assertThat(result.get("rooflines")).hasSize(2);
    for (JsonNode roofline : result.get("rooflines")) {
      int batch = roofline.get("batch").asInt();
      JsonNode all = roofline.get("layers").get(roofline.get("layers").size() - 1);
      assertThat(text(all, "layer")).isEqualTo("all");
      assertThat(all.get("multiplications").asDouble()).isEqualTo(batch * 177_184 / 2.0);
      assertThat(all.get("seconds").asDouble()).isPositive();
    }
  }

  @Test
  void measuresModelFilesAndRunDirectoriesAndWritesAReport() throws IOException {
    Path report = temp.resolve("report");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code =
        bench(
            out,
            "--models=src/test/resources/onnx/models/lenet.new.onnx,src/test/resources/keras/squeezed.keras,results/reference/task1",
            "--engines=scratch,dl4j",
            "--threads=1",
            "--batch=2",
            "--modes=infer",
            "--repeats=1",
            "--seconds=0.01",
            "--out=" + report);
    assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(Files.readString(report.resolve("report.md")))
        .contains("lenet.new.onnx", "squeezed.keras", "results/reference/task1", "--repeats=1");
    JsonNode result = new ObjectMapper().readTree(report.resolve("bench.json").toFile());
    // Three models in two engines, not trained.
    assertThat(result.get("rows")).hasSize(6);
    assertThat(report.resolve("bench.png")).isRegularFile();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--engines=keras",
        "--models=task9",
        "--models=src",
        "--models=pom.xml",
        "--threads=0",
        "--threads=two",
        "--batch=0",
        "--batch=one",
        "--modes=learn",
        "--repeats=0",
        "--seconds=0",
        "--json=.",
        "--out=src"
      })
  void wrongUsageIsExitCode2(String argument) {
    assertThat(bench(new ByteArrayOutputStream(), argument)).isEqualTo(ExitCode.USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnxruntime", "pytorch"})
  void aLibraryThatTheBuildLacksIsNamedWithItsProfile(String engine) {
    assumeTrue(ServiceLoader.load(Peer.class).findFirst().isEmpty());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(bench(out, "--engines=scratch," + engine)).isEqualTo(ExitCode.USAGE);
    assertThat(out.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " "))
        .contains("does not include " + engine, "mvn -q -Ppeers compile");
  }

  @Test
  void aModelThatDoesNotFitIntoMemoryIsRefusedBeforeAnythingStarts() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(bench(out, "--models=task3", "--engines=scratch", "--batch=10000000"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("smaller --batch");
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
