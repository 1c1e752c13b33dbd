package cnnlab.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2025-03-04T05:06:07Z"), ZoneOffset.UTC);

  record Row(String layer, int[] shape, double error, float loss, Integer missing) {}

  record Settings(String zeta, double rate, List<Integer> alpha, String number, double[] curve) {}

  @TempDir Path temp;
  private RunDirectory run;

  @BeforeEach
  void createRun() throws IOException {
    run = RunDirectory.create(temp, "task1", 42, CLOCK);
  }

  @Test
  void directoriesAreNamedByTimeAndSeedAndNeverReused() throws IOException {
    RunDirectory second = RunDirectory.create(temp, "task1", 42, CLOCK);
    RunDirectory third = RunDirectory.create(temp, "task1", 42, CLOCK);
    assertThat(run.directory()).isEqualTo(temp.resolve("task1/20250304-050607-42"));
    assertThat(second.directory()).isEqualTo(temp.resolve("task1/20250304-050607-42-2"));
    assertThat(third.directory()).isEqualTo(temp.resolve("task1/20250304-050607-42-3"));
  }

  @Test
  void explicitDirectoryMayBeNewOrEmpty() throws IOException {
    Path made = temp.resolve("a/b");
    assertThat(RunDirectory.at(made).directory()).isEqualTo(made).isDirectory();
    Path empty = Files.createDirectory(temp.resolve("empty"));
    assertThat(RunDirectory.at(empty).path("x.csv")).isEqualTo(empty.resolve("x.csv"));
  }

  @Test
  void explicitDirectoryWithFilesOrAFileIsRefused() throws IOException {
    assertThatThrownBy(() -> RunDirectory.at(run.directory()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(run.directory().toString())
        .hasMessageContaining("not empty");
    Path file = Files.writeString(temp.resolve("file"), "x");
    assertThatThrownBy(() -> RunDirectory.at(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is a file");
  }

  @Test
  void namesOutsideTheDirectoryAreRefused() {
    for (String name : List.of("../x", "a/../../x", "/etc/x", "", ".")) {
      assertThatThrownBy(() -> run.path(name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(run.directory().toString());
    }
  }

  @Test
  void failedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    run.writeText("model.zip", "old");
    assertThatThrownBy(
            () ->
                run.write(
                    "model.zip",
                    path -> {
                      Files.writeString(path, "half of the n");
                      throw new IOException("disk full");
                    }))
        .hasMessageContainingAll("disk full", run.path("model.zip").toString());
    assertThat(run.path("model.zip")).hasContent("old");
    assertThat(files()).containsExactly("model.zip", RunStatus.FILE);
  }

  @Test
  void writerSeesTheFileExtensionAndTheFileAppearsAtTheEnd() throws IOException {
    Path written =
        run.write(
            "repetition-2/model.zip",
            path -> {
              assertThat(path.toString()).endsWith("model.zip");
              assertThat(run.path("repetition-2/model.zip")).doesNotExist();
              Files.writeString(path, "new");
            });
    assertThat(written).isEqualTo(run.path("repetition-2/model.zip")).hasContent("new");
  }

  @Test
  void csvKeepsAllBits() throws IOException {
    Row first = new Row("conv, \"1\"", new int[] {8, 14, 14}, Math.nextUp(0.1), 1e-7f, null);
    Row second = new Row("dense|2", new int[] {10}, Double.NaN, Float.MIN_VALUE, 3);
    Path file = run.writeCsv("rows.csv", Row.class, List.of(first, second));
    List<CSVRecord> rows = read(file);
    assertThat(rows.get(0).toMap().keySet())
        .containsExactly("layer", "shape", "error", "loss", "missing");
    assertThat(rows.get(0).get("layer")).isEqualTo(first.layer());
    assertThat(rows.get(0).get("shape")).isEqualTo("8x14x14");
    assertThat(Double.parseDouble(rows.get(0).get("error"))).isEqualTo(first.error());
    assertThat(Float.parseFloat(rows.get(0).get("loss"))).isEqualTo(first.loss());
    assertThat(rows.get(0).get("missing")).isEmpty();
    assertThat(Double.parseDouble(rows.get(1).get("error"))).isNaN();
    assertThat(Float.parseFloat(rows.get(1).get("loss"))).isEqualTo(Float.MIN_VALUE);
    assertThat(Files.readString(file)).doesNotContain("\r");
  }

  @Test
  void csvWithoutRowsHasItsHeader() throws IOException {
    Path file = run.writeCsv("rows.csv", Row.class, List.of());
    assertThat(file).hasContent("layer,shape,error,loss,missing\n");
  }

  @Test
  void jsonKeepsTheDeclaredOrderAndValues() throws IOException {
    Settings settings =
        new Settings("a: b", 1e-7, List.of(3, 1), "0012", new double[] {0.1, Double.NaN});
    Path json = run.writeJson("settings.json", settings);
    JsonNode node = new ObjectMapper().readTree(json.toFile());
    assertThat(node.fieldNames())
        .toIterable()
        .containsExactly("zeta", "rate", "alpha", "number", "curve");
    assertThat(node.get("zeta").textValue()).isEqualTo("a: b");
    assertThat(node.get("rate").asDouble()).isEqualTo(1e-7);
    assertThat(node.get("alpha").toString()).isEqualTo("[3,1]");
    assertThat(node.get("number").textValue()).isEqualTo("0012");
    assertThat(node.get("curve").get(0).doubleValue()).isEqualTo(0.1);
    assertThat(node.get("curve").get(1).isNull()).isTrue();
  }

  @Test
  void notANumberIsNullInJson() throws IOException {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("boxed", Double.NaN);
    value.put("infinite", Float.NEGATIVE_INFINITY);
    value.put("row", new Row("a", new int[0], Double.POSITIVE_INFINITY, Float.NaN, null));
    value.put("floats", new float[] {Float.NaN, 0.1f});
    value.put("list", Arrays.asList(Double.NaN, 2.0));
    String text = Files.readString(run.writeJson("x.json", value));
    assertThat(text.replaceAll("\\s", ""))
        .isEqualTo(
            "{'boxed':null,'infinite':null,'row':{'layer':'a','shape':[],'error':null,'loss':null,"
                    .replace('\'', '"')
                + "'missing':null},'floats':[null,0.1],'list':[null,2.0]}".replace('\'', '"'));
    assertThat(text).endsWith("}\n").doesNotContain("\r");
  }

  @Test
  void statusTellsRunningFinishedAndFailed() throws IOException {
    assertThat(status().get("state").asText()).isEqualTo("running");
    assertThat(status().get("startedAt").asText()).isEqualTo("2025-03-04T05:06:07Z");
    assertThat(status().get("endedAt").isNull()).isTrue();
    run.finish();
    assertThat(status().get("state").asText()).isEqualTo("finished");
    assertThat(status().get("endedAt").asText()).isEqualTo("2025-03-04T05:06:07Z");
    run.fail("loss is NaN");
    assertThat(status().get("state").asText()).isEqualTo("failed");
    assertThat(status().get("message").asText()).isEqualTo("loss is NaN");
  }

  @Test
  void picturesAreDrawnWithTheMark() throws IOException {
    assertThat(run.writePng("image.png", mark -> (mark + "png").getBytes(UTF_8))).hasContent("png");
    run.mark("QUICK");
    assertThat(run.writePng("image.png", mark -> (mark + "png").getBytes(UTF_8)))
        .hasContent("QUICKpng");
  }

  @Test
  void onlyTemporaryFilesOfAKilledProcessAreDeleted() throws IOException {
    run.writeText("kept/a.json", "{}");
    Files.writeString(run.path("kept/.tmp-1-b.json"), "{");
    Files.createDirectory(run.path("kept/.tmp-2-c"));
    Files.writeString(run.path("kept/.tmp-2-c/d.json"), "{");
    Files.writeString(run.path(".tmp-3-result.json"), "{");
    run.close();
    try (RunDirectory again = RunDirectory.reopen(run.directory())) {
      try (Stream<Path> files = Files.list(again.path("kept"))) {
        assertThat(files).containsExactly(run.path("kept/a.json"));
      }
      assertThat(again.path(".tmp-3-result.json")).doesNotExist();
    }
  }

  @Test
  void aMissingFontDoesNotEndTheRun() throws IOException {
    boolean written =
        run.tryWritePng(
            "image.png",
            mark -> {
              throw new InternalError("Fontconfig head is null");
            });
    assertThat(written).isFalse();
    assertThat(files()).containsExactly(RunStatus.FILE);
  }

  @Test
  void anUnwritablePictureDoesNotEndTheRun() throws IOException {
    Files.createDirectories(run.path("image.png/in-the-way"));
    RunDirectory.Drawing drawing = mark -> new byte[] {1};
    assertThat(run.tryWritePng("image.png", drawing)).isFalse();
    assertThat(
            run.tryWritePng(
                "b.png",
                mark -> {
                  throw new java.awt.AWTError("no display");
                }))
        .isFalse();
    assertThatThrownBy(() -> run.writePng("image.png", drawing))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(run.path("image.png").toString(), "is a directory");
    assertThat(files()).containsExactly("image.png", RunStatus.FILE);
  }

  @Test
  void aRunWithADamagedStatusCountsAsUnfinished() throws IOException {
    run.finish();
    run.close();
    assertThatThrownBy(() -> RunDirectory.reopen(run.directory()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("finished");
    for (byte[] damaged : new byte[][] {{}, {'{'}, {(byte) 0xFF, 1}, "[]".getBytes()}) {
      Files.write(run.path(RunStatus.FILE), damaged);
      try (RunDirectory again = RunDirectory.reopen(run.directory())) {
        assertThat(status().get("state").asText()).isEqualTo("running");
        assertThat(again.directory()).isEqualTo(run.directory());
      }
    }
  }

  private JsonNode status() throws IOException {
    return new ObjectMapper().readTree(run.path(RunStatus.FILE).toFile());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(run.directory())) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.equals(RunLock.FILE))
          .sorted()
          .toList();
    }
  }

  private static List<CSVRecord> read(Path file) throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(Files.readString(file), format)) {
      return parser.getRecords();
    }
  }
}
