package cnnlab.task1;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.config.ConfigLoader;
import cnnlab.crosscheck.Check;
import cnnlab.data.Split;
import cnnlab.experiment.AdamConfig;
import cnnlab.experiment.Dl4jConfig;
import cnnlab.model.file.ModelFiles;
import cnnlab.run.RunOptions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code task1 --quick} with even smaller numbers, run once for all tests. */
class Task1Test {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int IMAGES = 200;

  @TempDir static Path temp;

  private static Task1Result result;
  private static Path directory;
  private static String printed;

  @BeforeAll
  static void run() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    directory = temp.resolve("first");
    result = run(1, directory, out);
    printed = out.toString(StandardCharsets.UTF_8);
  }

  private static Task1Result run(long seed, Path directory, ByteArrayOutputStream out)
      throws IOException {
    List<String> sets = List.of("trainLimit=512", "evaluationLimit=" + IMAGES, "threads=1");
    RunOptions options =
        new RunOptions(
            null, sets, seed, null, true, null, directory, null, List.of("task1", "--quick"));
    return Task1.run(options, new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  @Test
  void everyCheckPasses() {
    assertThat(result.checks()).hasSizeGreaterThan(15).allMatch(Check::passed);
    assertThat(result.checks()).extracting(Check::name).doesNotHaveDuplicates();
    assertThat(result.passed()).isTrue();
    assertThat(result.weights()).isEqualTo(4266);
    assertThat(result.convSumAbsDifference()).isPositive();
  }

  @Test
  void theRunDirectoryHasItsFilesAndNoOther() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "config.yaml",
              "confusion.png",
              "crosscheck.csv",
              "history.csv",
              "model.json",
              "model.zip",
              "provenance.json",
              "report.html",
              "report.md",
              "result.json",
              "samples.png",
              "split.csv",
              "status.json",
              "tensorboard",
              "training.png");
    }
    assertThat(json("status.json").get("state").asText()).isEqualTo("finished");
  }

  @Test
  void writesTheDocumentedKeysOfTheResult() throws IOException {
    JsonNode node = json("result.json");
    assertThat(node.get("experiment").asText()).isEqualTo("task1");
    assertThat(node.get("seed").asLong()).isEqualTo(1);
    assertThat(node.get("weights").asInt()).isEqualTo(4266);
    for (String engine : List.of("library", "scratch")) {
      for (String part : List.of("train", "validation", "test")) {
        assertThat(node.get(engine).get(part + "Loss").asDouble()).isBetween(0.5, 4.0);
        assertThat(node.get(engine).get(part + "Accuracy").asDouble()).isBetween(0.0, 1.0);
        assertThat(node.get("images").get(part).asInt()).isEqualTo(IMAGES);
      }
    }
    assertThat(node.get("maxAbsDifference").asDouble()).isBetween(0.0, 1e-5);
    assertThat(node.get("convSumAbsDifference").asDouble()).isPositive();
    assertThat(node.get("argmaxAgreement").asDouble()).isEqualTo(1);
    assertThat(node.get("durationSeconds").asDouble()).isPositive();
    assertThat(node.get("checks")).allMatch(check -> check.get("passed").asBoolean());
    assertThat(node.get("checks"))
        .allMatch(check -> check.has("bound") && check.has("share") && check.has("nearer"))
        .anyMatch(check -> check.get("share").asDouble() > 0.01);
  }

  @Test
  void historyHasOneRowPerEpoch() throws IOException {
    List<String> lines = lines("history.csv");
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .isEqualTo(
            "epoch,batchLoss,trainLoss,trainAccuracy,validationLoss,validationAccuracy,imagesPerSecond,seconds,mark");
    String[] row = lines.get(1).split(",");
    assertThat(row[0]).isEqualTo("1");
    assertThat(Double.parseDouble(row[1])).isBetween(1.0, 4.0);
    assertThat(Double.parseDouble(row[6])).isPositive();
  }

  @Test
  void writesEveryLayerInEveryScopeOfTheCrosscheck() throws IOException {
    List<String> lines = lines("crosscheck.csv");
    assertThat(lines.get(0))
        .isEqualTo(
            "scope,layer,kind,shape,values,sumAbs,maxAbs,relative,bound,share,aloneLibrary,aloneScratch,aloneFast,nearer,mark");
    assertThat(lines.stream().skip(1).map(l -> l.substring(0, l.indexOf(',', l.indexOf(',') + 1))))
        .containsExactly(
            "random-layer,conv",
            "random-layer,two convs",
            "random-layer,pool",
            "random-layer,flatten",
            "random-layer,dense",
            "one-image,conv1",
            "one-image,pool1",
            "one-image,conv2",
            "one-image,pool2",
            "one-image,flatten",
            "one-image,dense",
            "test-set,conv1",
            "test-set,pool1",
            "test-set,conv2",
            "test-set,pool2",
            "test-set,flatten",
            "test-set,dense");
    assertThat(lines.get(1)).startsWith("random-layer,conv,Conv2d,4x28x28,3136,");
    double conv = Double.parseDouble(lines.get(1).split(",")[5]);
    assertThat(conv).isEqualTo(result.convSumAbsDifference());
    assertThat(lines.get(lines.size() - 1)).startsWith("test-set,dense,Softmax,10,2000,");
  }

  @Test
  void imagesAreDrawn() throws IOException {
    for (String name : List.of("training.png", "samples.png", "confusion.png")) {
      BufferedImage image = ImageIO.read(directory.resolve(name).toFile());
      assertThat(image.getWidth()).as(name).isGreaterThan(600);
      assertThat(image.getHeight()).as(name).isGreaterThan(300);
    }
  }

  @Test
  void configurationAndSplitReadBack() throws IOException {
    Task1Config config =
        ConfigLoader.load(
                Task1Config.class,
                Task1Config.DEFAULT,
                directory.resolve("config.yaml"),
                List.of("seed=1"))
            .value();
    assertThat(config)
        .isEqualTo(
            new Task1Config(
                "task1",
                1,
                cnnlab.engine.EngineKind.DL4J,
                "",
                Task1Config.KernelKind.REFERENCE,
                1,
                128,
                0.1,
                512,
                IMAGES,
                0,
                1,
                AdamConfig.KERAS,
                new Dl4jConfig(true)));
    Path expected = temp.resolve("expected.csv");
    Split.of(1, 60_000, 0.1, 512).write(expected);
    assertThat(directory.resolve("split.csv")).hasSameTextualContentAs(expected);
  }

  @Test
  void provenanceTellsWhatItWasComputedWith() throws IOException {
    JsonNode node = json("provenance.json");
    assertThat(node.get("threads").asInt()).isEqualTo(1);
    assertThat(node.get("finishedAt").asText()).isNotEmpty();
    assertThat(node.get("datasets")).hasSize(4);
    assertThat(node.get("seeds").fieldNames())
        .toIterable()
        .containsExactly("initialisation", "seed", "shuffle", "single-layers", "split");
    JsonNode engine = node.get("engine");
    assertThat(engine.get("dl4j.onednn").asBoolean())
        .isEqualTo(engine.get("dl4j.onednnAvailable").asBoolean());
    assertThat(engine.get("dl4j.binary").asText()).isNotEmpty();
  }

  @Test
  void theSavedModelIsTheTrainedOne() {
    assertThat(ModelFiles.load(directory.resolve("model.zip")).numParams()).isEqualTo(4266);
  }

  @Test
  void printsTablesThatFitATerminalAndThenTheDirectory() {
    List<String> lines = printed.lines().toList();
    assertThat(lines).allMatch(line -> line.length() <= 100);
    assertThat(lines).allMatch(line -> line.startsWith("QUICK"));
    assertThat(lines.get(1)).isEqualTo("QUICK task1 dl4j: 1 epoch of 512 images");
    assertThat(lines.get(2)).matches("QUICK epoch 1/1 .* images/s  loss .*  val acc .*  took .*");
    assertThat(printed)
        .contains("Weights: 4,266", "from scratch", "sum |a-b|", "max |a-b|", "8.314e-5")
        .containsPattern("test accuracy +200 ");
    assertThat(lines.get(lines.size() - 1)).isEqualTo("QUICK Results are in " + directory);
  }

  @Test
  void reportQuotesTheReportAndShowsTheImages() throws IOException {
    assertThat(Files.readString(directory.resolve("report.md")))
        .contains(
            "8.314e-5",
            "checks passed",
            "Each layer by itself",
            "(training.png)",
            "(samples.png)",
            "(confusion.png)");
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherSeedOthers() throws IOException {
    Path again = temp.resolve("again");
    Path other = temp.resolve("other");
    Task1Result same = run(1, again, new ByteArrayOutputStream());
    Task1Result different = run(2, other, new ByteArrayOutputStream());

    assertThat(metrics(again)).isEqualTo(metrics(directory)).isNotEqualTo(metrics(other));
    assertThat(losses(again)).isEqualTo(losses(directory)).isNotEqualTo(losses(other));
    assertThat(parameters(again)).isEqualTo(parameters(directory)).isNotEqualTo(parameters(other));
    for (String file : List.of("split.csv", "crosscheck.csv", "config.yaml")) {
      assertThat(again.resolve(file)).hasSameTextualContentAs(directory.resolve(file));
    }
    assertThat(same.library()).isEqualTo(result.library());
    assertThat(different.passed()).isTrue();
  }

  /** result.json without its duration. */
  private static JsonNode metrics(Path run) throws IOException {
    JsonNode node = JSON.readTree(run.resolve("result.json").toFile());
    ((ObjectNode) node).remove("durationSeconds");
    return node;
  }

  /** The first six columns of history.csv: the others are times. */
  private static List<String> losses(Path run) throws IOException {
    List<String> rows = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("history.csv"))) {
      String[] cells = line.split(",");
      rows.add(String.join(",", Arrays.copyOf(cells, 6)));
    }
    return rows;
  }

  private static float[] parameters(Path run) {
    return ModelFiles.load(run.resolve("model.zip")).params().dup('c').data().asFloat();
  }

  private static JsonNode json(String name) throws IOException {
    return JSON.readTree(directory.resolve(name).toFile());
  }

  private static List<String> lines(String name) throws IOException {
    return Files.readAllLines(directory.resolve(name));
  }
}
