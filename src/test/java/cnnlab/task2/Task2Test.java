package cnnlab.task2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import cnnlab.config.ConfigException;
import cnnlab.config.UsageException;
import cnnlab.experiment.Claim;
import cnnlab.experiment.DivergedTraining;
import cnnlab.inference.EpochWeights;
import cnnlab.inference.ModelRecord;
import cnnlab.io.Sha256;
import cnnlab.metric.Verdict;
import cnnlab.model.file.ModelFiles;
import cnnlab.run.ExitCode;
import cnnlab.run.RunOptions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
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
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Task 2 with few epochs, few test images and a small network. */
class Task2Test {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PrintStream SILENT = new PrintStream(OutputStream.nullOutputStream());
  private static final List<String> SMALL =
      List.of(
          "epochs=4",
          "repetitions=3",
          "evaluationLimit=200",
          "network.blocks=[[4], [8]]",
          "network.dense=16");

  /** SMALL sets two keys differently from --quick. */
  private static final String REPEAT =
      "./cnnlab task2 --quick --config RUN/config.yaml --set epochs=4 --set evaluationLimit=200";

  private static final List<String> COMPARISON =
      List.of(
          "testTimeShift=1",
          "variants=[{name: plain-128, set: {augmentation: []}}, {name: augmented-128},"
              + " {name: augmented-64, set: {trainSize: 64}},"
              + " {name: mixed-128, set: {mixUp: 1}}]",
          "claims=[{claim: it helps, better: augmented-128, worse: plain-128},"
              + " {claim: it helps, better: augmented-64, worse: plain-128},"
              + " {claim: more helps, better: augmented-128, worse: augmented-64}]");

  @TempDir static Path temp;

  private static Task2Result result;
  private static Path directory;
  private static String printed;

  @BeforeAll
  static void compare() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    directory = temp.resolve("comparison");
    result =
        Task2.run(
            options(directory, 1, COMPARISON), new PrintStream(out, true, StandardCharsets.UTF_8));
    printed = out.toString(StandardCharsets.UTF_8);
  }

  private static RunOptions options(Path out, long seed, List<String> sets) {
    List<String> all = new ArrayList<>(SMALL);
    all.addAll(sets);
    return new RunOptions(null, all, seed, null, false, null, out, null, List.of("task2"));
  }

  private static Task2Result run(String name, long seed, String... sets) throws IOException {
    return Task2.run(options(temp.resolve(name), seed, List.of(sets)), SILENT);
  }

  @Test
  void theFirstVariantHeadsTheResultAndEveryClaimHasAVerdict() throws IOException {
    JsonNode json = JSON.readTree(directory.resolve("result.json").toFile());
    assertThat(json.get("n").asInt()).isEqualTo(3);
    assertThat(json.get("accuracies")).hasSize(3);
    double mean =
        (json.get("accuracies").get(0).asDouble()
                + json.get("accuracies").get(1).asDouble()
                + json.get("accuracies").get(2).asDouble())
            / 3;
    assertThat(json.get("mean").asDouble()).isCloseTo(mean, within(1e-12));
    assertThat(json.get("variance").asDouble())
        .isCloseTo(Math.pow(json.get("sd").asDouble(), 2), within(1e-15));
    assertThat(json.get("populationVariance").asDouble())
        .isCloseTo(json.get("variance").asDouble() * 2 / 3, within(1e-15));
    assertThat(json.get("ci95")).hasSize(2);
    assertThat(json.get("testTimeAveraging").get("n").asInt()).isEqualTo(3);
    assertThat(result.accuracies()).isEqualTo(result.variants().get(0).test().values());
    assertThat(result.variants())
        .extracting(Task2Result.VariantSummary::trainSize)
        .containsExactly(128, 128, 64, 128);
    assertThat(result.claims()).hasSize(3);
    assertThat(result.verdicts()).containsOnlyKeys("it helps", "more helps");
    Claim more = result.claims().get(2);
    assertThat(more.paired().meanDifference())
        .isCloseTo(
            result.variants().get(1).test().mean() - result.variants().get(2).test().mean(),
            within(1e-12));
  }

  @Test
  void variantsShareTheirDraws() throws IOException {
    List<String[]> rows = rows(directory);
    assertThat(rows).hasSize(12);
    for (int r = 0; r < 3; r++) {
      assertThat(rows.get(3 + r)[3]).isEqualTo(rows.get(r)[3]);
      assertThat(rows.get(6 + r)[3]).isNotEqualTo(rows.get(r)[3]);
      assertThat(rows.get(9 + r)[3]).isEqualTo(rows.get(r)[3]);
      assertThat(rows.get(9 + r)[5]).as("mixed").isNotEqualTo(rows.get(3 + r)[5]);
      assertThat(counts(rows.get(r)[4])).hasSize(10);
      assertThat(Arrays.stream(counts(rows.get(r)[4])).sum()).isEqualTo(128);
      assertThat(Arrays.stream(counts(rows.get(6 + r)[4])).sum()).isEqualTo(64);
    }
    assertThat(rows.stream().map(row -> row[3]).distinct()).hasSize(6);
  }

  @Test
  void theRunDirectoryHasItsFilesAndNoOther() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "accuracy.png",
              "config.yaml",
              "confusion.png",
              "history.csv",
              "mistakes.png",
              "model.json",
              "model.zip",
              "provenance.json",
              "report.html",
              "report.md",
              "result.json",
              "runs.csv",
              "scaling.png",
              "status.json",
              "tensorboard",
              "trainings");
    }
    for (String plot : List.of("accuracy", "confusion", "mistakes", "scaling")) {
      BufferedImage image = ImageIO.read(directory.resolve(plot + ".png").toFile());
      assertThat(image.getWidth()).isGreaterThan(300);
    }
    assertThat(Files.readString(directory.resolve("report.md")))
        .contains("the report", "plain-128", "it helps", "accuracy.png", "scaling.png");
    assertThat(printed).contains("12/12", "the report", "0.9176", "it helps", directory.toString());
  }

  @Test
  void showsNoSpreadForOneRepetition() throws IOException {
    List<String> sets = new ArrayList<>(SMALL);
    sets.add("repetitions=1");
    Path run = temp.resolve("once");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Task2.run(
        new RunOptions(null, sets, 1L, null, false, null, run, null, List.of("task2")),
        new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("n too small").doesNotContain("NaN");
    assertThat(Files.readString(run.resolve("report.md")))
        .contains("./cnnlab task2 --config RUN/config.yaml")
        .doesNotContain("NaN");
  }

  /** With {@code --quick}, and resumed without it. */
  @Test
  void marksAllOutputOfATrialRunAndGivesNoVerdicts() throws IOException {
    List<String> sets = new ArrayList<>(SMALL);
    sets.addAll(
        List.of(
            "repetitions=2",
            "variants=[{name: plain, set: {augmentation: []}}, {name: augmented}]",
            "claims=[{claim: it helps, better: augmented, worse: plain}]"));
    Path run = temp.resolve("quick");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Task2.run(
        new RunOptions(null, sets, 1L, null, true, null, run, null, List.of("task2", "--quick")),
        new PrintStream(out, true, StandardCharsets.UTF_8));
    assertMarked(run, out.toString(StandardCharsets.UTF_8));

    Path status = run.resolve("status.json");
    Files.writeString(status, Files.readString(status).replace("finished", "running"));
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    Task2.run(
        new RunOptions(null, List.of(), null, null, false, run, null, null, List.of("task2")),
        new PrintStream(again, true, StandardCharsets.UTF_8));
    assertMarked(run, again.toString(StandardCharsets.UTF_8));
  }

  private static void assertMarked(Path run, String printed) throws IOException {
    assertThat(printed.lines()).isNotEmpty().allMatch(line -> line.startsWith("QUICK"));
    assertThat(printed)
        .contains("It is not used for any verdict.", "n too small")
        .doesNotContain("it helps", "undecided");
    JsonNode json = JSON.readTree(run.resolve("result.json").toFile());
    assertThat(json.get("trial").asText()).isEqualTo("quick");
    assertThat(json.get("claims")).isEmpty();
    assertThat(json.get("verdicts")).isEmpty();
    assertThat(json.get("ci95").get(0).isNull()).isTrue();
    assertThat(JSON.readTree(run.resolve("provenance.json").toFile()).get("trial").asText())
        .isEqualTo("quick");
    List<String> rows = Files.readAllLines(run.resolve("runs.csv"));
    assertThat(rows.get(0)).endsWith(",mark");
    assertThat(rows.subList(1, rows.size())).hasSize(4).allMatch(row -> row.endsWith(",QUICK"));
    assertThat(Files.readAllLines(run.resolve("report.md")))
        .contains(REPEAT)
        .allMatch(
            line ->
                line.isBlank()
                    || line.startsWith("| --")
                    || line.startsWith("```")
                    || line.equals(REPEAT)
                    || line.contains("QUICK"));
    assertThat(Files.readString(run.resolve("report.html"))).contains("./cnnlab task2 --quick");
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("<h1>QUICK: task2-report")
        .doesNotContain("class=\"badge");
    BufferedImage plain = ImageIO.read(directory.resolve("confusion.png").toFile());
    BufferedImage marked = ImageIO.read(run.resolve("confusion.png").toFile());
    assertThat(marked.getWidth()).isEqualTo(plain.getWidth());
    assertThat(marked.getHeight()).as("a line above").isGreaterThan(plain.getHeight());
  }

  @Test
  void oneAtATimeGivesTheSameAsAllAtOnce() throws IOException {
    Task2Result one = run("one", 7, "threads=1");
    Task2Result three = run("three", 7, "threads=3");
    assertThat(three.accuracies()).containsExactly(one.accuracies());
    assertThat(withoutTimes(temp.resolve("three")))
        .containsExactlyElementsOf(withoutTimes(temp.resolve("one")));
    assertThat(run("other", 8).accuracies()).isNotEqualTo(one.accuracies());
  }

  /** Ends the run when it reports a training. */
  private static final class Killer extends ByteArrayOutputStream {
    private final String last;

    Killer(String last) {
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

  @Test
  void doesNotRepeatFinishedTrainings() throws IOException {
    Task2Result whole = run("whole", 9);
    Path killed = temp.resolve("killed");
    PrintStream killer = new PrintStream(new Killer("2/3"), true, StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Task2.run(options(killed, 9, List.of("threads=1")), killer))
        .hasMessage("killed");
    Path first = killed.resolve("trainings/task2-report-1.json");
    String row = Files.readString(first);

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Task2Result resumed =
        Task2.run(
            new RunOptions(
                null, List.of(), null, null, false, killed, null, null, List.of("task2")),
            new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("2 of 3 trainings were finished by an earlier run", "3/3")
        .doesNotContain("1/3", "2/3");
    assertThat(Files.readString(first)).isEqualTo(row);
    assertThat(resumed.accuracies()).containsExactly(whole.accuracies());

    // Killed after everything was written, but before completion was recorded.
    Path status = killed.resolve("status.json");
    Files.writeString(status, Files.readString(status).replace("finished", "running"));
    Task2Result again =
        Task2.run(
            new RunOptions(
                null, List.of(), null, null, false, killed, null, null, List.of("task2")),
            SILENT);
    assertThat(again.accuracies()).containsExactly(whole.accuracies());
    assertThat(killed.resolve("model.zip")).isRegularFile();
  }

  @Test
  void theLibraryTrainsTheSameFile() throws IOException {
    Task2Result engines =
        run(
            "engines",
            1,
            "repetitions=1",
            "network.dropout=0",
            "variants=[{name: scratch}, {name: dl4j, set: {engine: dl4j}}]");
    // Same draw, weights and batches, and no dropout: only rounding differs.
    double difference =
        engines.variants().get(0).test().mean() - engines.variants().get(1).test().mean();
    assertThat(difference).isBetween(-0.02, 0.02);
  }

  @ParameterizedTest
  @ValueSource(strings = {"scratch", "dl4j"})
  void trainingBeginsWithTheModelOfAnotherRun(String engine) throws IOException {
    String[] plain = {
      "repetitions=1",
      "network.batchNorm=false",
      "network.dropout=0",
      "epochs=12",
      "optimizer.learningRate=0.01"
    };
    Task2Result trained = run("trained-" + engine, 1, plain);
    List<String> sets = new ArrayList<>(List.of(plain));
    Path model = temp.resolve("trained-" + engine + "/model.zip");
    sets.addAll(
        List.of("engine=" + engine, "init=" + model, "epochs=1", "optimizer.learningRate=1e-12"));
    Task2Result begun = Task2.run(options(temp.resolve("begun-" + engine), 2, sets), SILENT);
    // Nothing is learned at this rate. An image or two may be on the edge between two digits.
    assertThat(begun.mean()).isCloseTo(trained.mean(), within(0.011));
    assertThat(trained.mean()).isGreaterThan(0.2);
    sets.add("network.dense=17");
    Path other = temp.resolve("other-network");
    assertThatThrownBy(() -> Task2.run(options(other, 2, sets), SILENT))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("init", "model.zip", "dense");
    assertThat(other).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "variants=[{set: {epochs: 2}}]",
        "variants=[{name: a}, {name: a}]",
        "variants=[{name: A/../b}]",
        "variants=[{name: a, set: {epoch: 2}}]",
        "variants=[{name: a}, {name: b, set: {seed: 9}}]",
        "variants=[{name: a}, {name: b, set: {repetitions: 2}}]",
        "variants=[{name: a}, {name: b, set: {evaluationLimit: 7}}]",
        "variants=[{name: a}, {name: b, set: {dl4j.onednn: false}}]",
        "variants=[{name: a}, {name: b, set: {dl4j: {onednn: false}}}]",
        "variants=[{name: a}, {name: b, set: {threads: 7}}]",
        "variants=[{name: a}, {name: b, set: {experiment: other}}]",
        "variants=[{name: a}, {name: b, set: {variants: []}}]",
        "variants=[{name: a}, {name: b, set: {claims: []}}]",
        "variants=[{name: a}, {name: b, set: {validationFraction: 0.2}}]",
        "validationFraction=1e-9",
        "validationFraction=0.999999",
        "claims=[{claim: x, better: task2-report, worse: nobody}]",
        "augmentation=[{rotat: {degrees: 10}}]",
        "augmentation=[{rotate: {degrees: 270}}]",
        "augmentation=[{stain: {sigma: 0.1}}]",
        "preprocessing=[flip]",
        "preprocessing=[{stainNormalise: {strength: 0.5}}]",
        "network.blocks=[[0]]",
        "trainSize=54001"
      })
  void mistakesStopTheRunBeforeItBegins(String set) {
    Path out = temp.resolve("wrong");
    assertThatThrownBy(() -> Task2.run(options(out, 1, List.of(set)), SILENT))
        .isInstanceOf(ConfigException.class);
    assertThat(out).doesNotExist();
  }

  @Test
  void warnsAboutUnsuitableAugmentations() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Task2.run(
        options(
            temp.resolve("unwise"),
            1,
            List.of("repetitions=1", "augmentation=[{flip: {axes: horizontal}}]")),
        new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("Warning: ", "flip");
  }

  /** One variant that learns, and one with an absurd learning rate. */
  private static final List<String> HALF =
      List.of(
          "threads=1",
          "repetitions=2",
          "variants=[{name: sane}, {name: wild, set: {optimizer.learningRate: 1e30}}]",
          "claims=[{claim: sane is better, better: sane, worse: wild}]");

  @Test
  void recordsDivergedTrainingsAndLeavesThemOutOfStatistics() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Path run = temp.resolve("half");
    Task2Result half =
        Task2.run(options(run, 1, HALF), new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(half.n()).isEqualTo(2);
    assertThat(half.diverged())
        .extracting(DivergedTraining::variant, DivergedTraining::repetition)
        .containsExactly(tuple("wild", 1), tuple("wild", 2));
    assertThat(half.diverged().get(0).divergence()).contains("epoch 1");
    assertThat(DivergedTraining.exitCode(half.diverged())).isEqualTo(ExitCode.FAILED);
    assertThat(half.variants().get(1).test()).isNull();
    assertThat(half.claims().get(0).paired()).isNull();
    assertThat(half.verdicts()).containsEntry("sane is better", Verdict.UNDECIDED);
    List<String> lines = Files.readAllLines(run.resolve("runs.csv"));
    List<String> header = List.of(lines.get(0).split(","));
    String[] wild = lines.get(3).split(",(?=([^\"]*\"[^\"]*\")*[^\"]*$)", -1);
    assertThat(wild[header.indexOf("outcome")]).isEqualTo("diverged");
    assertThat(wild[header.indexOf("divergence")]).contains("epoch 1", " is ");
    assertThat(wild[header.indexOf("testAccuracy")]).isEmpty();
    assertThat(wild[header.indexOf("trainLoss")]).isEmpty();
    assertThat(Files.readString(run.resolve("report.md")))
        .contains("2 of 4 trainings diverged", "0 (2 diverged)");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("wild #1  DIVERGED, ", "epoch 1", "2 of 4 trainings diverged", "learningRate");
    assertThat(Files.readString(run.resolve("report.html"))).contains("2 of 4 trainings diverged");

    Path killed = temp.resolve("half-killed");
    PrintStream killer = new PrintStream(new Killer("3/4"), true, StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Task2.run(options(killed, 1, HALF), killer)).hasMessage("killed");
    assertThat(killed.resolve("trainings/wild-1.json")).isRegularFile();
    resume(killed);
    assertThat(withoutTimes(killed)).containsExactlyElementsOf(withoutTimes(run));
  }

  @Test
  void failsWhenEveryTrainingDiverges() {
    Path run = temp.resolve("nothing");
    List<String> wild = List.of("repetitions=2", "optimizer.learningRate=1e30");
    assertThatThrownBy(() -> Task2.run(options(run, 1, wild), SILENT))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("no training of task2-report", "epoch 1");
    assertThat(run.resolve("status.json")).content().contains("failed", "diverged");
    assertThat(run.resolve("report.md")).content().contains("2 of 2 trainings diverged");
    assertThat(run.resolve("model.zip")).doesNotExist();
    assertThatThrownBy(() -> resume(run)).hasMessageContaining("no training of task2-report");
    assertThat(run.resolve("runs.csv")).content().contains("diverged").doesNotContain("0.0,");
  }

  /** With averaged weights, which are those that predict; by either engine. */
  @ParameterizedTest
  @ValueSource(strings = {"scratch", "dl4j"})
  void weightsOfEpochsAreKeptAndChangeNothing(String engine) throws IOException {
    String[] sets = {"engine=" + engine, "repetitions=2", "averageDecay=0.9", "threads=1"};
    Task2Result without = run("forgetful-" + engine, 4, sets);
    List<String> keeping = new ArrayList<>(List.of(sets));
    keeping.add("keepWeightsEvery=3");
    keeping.add("variants=[{name: first}, {name: second, set: {trainSize: 64}}]");
    Path run = temp.resolve("keeping-" + engine);
    PrintStream killer = new PrintStream(new Killer("3/4"), true, StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Task2.run(options(run, 4, keeping), killer)).hasMessage("killed");
    Path early = run.resolve("models/first-1.weights/epoch-0.npy");
    assertThat(early).isRegularFile();
    assertThat(run.resolve("models/second-1.weights")).doesNotExist();
    Files.write(early, new byte[] {1});

    Task2Result resumed = resume(run);

    assertThat(resumed.accuracies()).containsExactly(without.accuracies());
    EpochWeights kept = EpochWeights.beside(run.resolve("model.zip"));
    assertThat(kept.epochs()).containsExactly(0, 3, 4);
    var model = ModelFiles.load(run.resolve("model.zip"));
    assertThat(kept.at(4, model).params()).isEqualTo(model.params());
    assertThat(kept.at(0, model).params()).isNotEqualTo(model.params());
    assertThat(run.resolve("models")).doesNotExist();
    assertThat(temp.resolve("forgetful-" + engine + "/weights")).doesNotExist();
  }

  private static Task2Result resume(Path run) throws IOException {
    return Task2.run(
        new RunOptions(null, List.of(), null, null, false, run, null, null, List.of("task2")),
        SILENT);
  }

  @Test
  void theReportSpeaksOfTheVariantsItShows() throws IOException {
    assertThat(Files.readString(directory.resolve("report.md")))
        .contains("training on 64 to 128 images", "the 54,000 that are not held out");
    Path run = temp.resolve("other-engine");
    Task2Result other =
        Task2.run(
            options(
                run,
                1,
                List.of(
                    "repetitions=1",
                    "epochs=1",
                    "validationFraction=0.2",
                    "variants=[{name: library, set: {engine: dl4j, trainSize: 32}}]")),
            SILENT);
    assertThat(other.engine()).isEqualTo("dl4j");
    assertThat(Files.readString(run.resolve("report.md")))
        .contains("training on 32 images", "the 48,000 that are not held out", "Engine: dl4j");
    assertThat(JSON.readTree(run.resolve("provenance.json").toFile()).at("/engine/engine").asText())
        .isEqualTo("dl4j");
  }

  @Test
  void writesARecordBesideTheModel() throws IOException {
    JsonNode record = JSON.readTree(directory.resolve("model.json").toFile());
    assertThat(record.at("/training/variant").asText()).isEqualTo("plain-128");
    assertThat(record.at("/training/repetition").asInt()).isEqualTo(result.medianRun());
    assertThat(record.at("/training/keptEpoch").asInt()).isEqualTo(4);
    assertThat(record.at("/configuration/augmentation")).isEmpty();
    assertThat(record.at("/images/height").asInt()).isEqualTo(28);
    assertThat(record.at("/images/classes")).hasSize(10);
    assertThat(record.get("sha256").asText())
        .isEqualTo(Sha256.hex(Files.readAllBytes(directory.resolve("model.zip"))));
    assertThat(ModelRecord.beside(directory.resolve("model.zip"))).isPresent();
  }

  private static List<String[]> rows(Path run) throws IOException {
    return Files.readAllLines(run.resolve("runs.csv")).stream()
        .skip(1)
        .map(line -> line.split(",", -1))
        .toList();
  }

  /** Rows without the share of waiting and the seconds. */
  private static List<String> withoutTimes(Path run) throws IOException {
    return rows(run).stream()
        .map(cells -> String.join(",", Arrays.copyOf(cells, cells.length - 2)))
        .toList();
  }

  private static int[] counts(String cell) {
    return Arrays.stream(cell.split("x")).mapToInt(Integer::parseInt).toArray();
  }
}
