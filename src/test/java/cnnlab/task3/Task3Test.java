package cnnlab.task3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import cnnlab.config.ConfigException;
import cnnlab.experiment.DivergedTraining;
import cnnlab.inference.EpochWeights;
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

/** Task 3 on synthetic patches with small networks. */
class Task3Test {
  private static final PrintStream SILENT = new PrintStream(OutputStream.nullOutputStream());
  private static final List<String> SMALL =
      List.of(
          "data=synthetic",
          "epochs=3",
          "repetitions=3",
          "trainLimit=200",
          "batchSize=32",
          "evaluationLimit=150",
          "network={kind: residual, dropout: 0.1, widths: [4, 8], blocks: 1, pooledStem: true}",
          "optimizer={learningRate: 0.01, cosine: true, warmup: 0.1, weightDecay: 0.01}",
          "averageDecay=0.9");
  private static final List<String> COMPARISON =
      List.of(
          "testTimeSymmetries=true",
          "testTimeNormalisation=true",
          "variants=[{name: flips}, {name: tonal, set: {augmentation: [{tonal: {range: 0.2}}]}},"
              + " {name: mixed, set: {mixUp: 0.2, labelSmoothing: 0.1, augmentation: []}}]",
          "claims=[{claim: flips help, better: flips, worse: mixed},"
              + " {claim: averaging helps, better: flips+symmetries, worse: flips},"
              + " {claim: adapting helps, better: flips+adapted, worse: tonal+adapted}]");

  @TempDir static Path temp;

  private static Task3Result result;
  private static Path directory;
  private static String printed;

  @BeforeAll
  static void compare() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    directory = temp.resolve("comparison");
    result =
        Task3.run(
            options(directory, 1, COMPARISON), new PrintStream(out, true, StandardCharsets.UTF_8));
    printed = out.toString(StandardCharsets.UTF_8);
  }

  private static RunOptions options(Path out, long seed, List<String> sets) {
    List<String> all = new ArrayList<>(SMALL);
    all.addAll(sets);
    return new RunOptions(null, all, seed, null, false, null, out, null, List.of("task3"));
  }

  private static Task3Result run(String name, String... sets) throws IOException {
    return Task3.run(options(temp.resolve(name), 1, List.of(sets)), SILENT);
  }

  @Test
  void theFirstVariantHeadsTheResult() {
    assertThat(result.validation())
        .containsOnlyKeys("accuracy", "auc", "precision", "recall", "f1", "brier", "ece", "loss");
    Task3Result.Score accuracy = result.validation().get("accuracy");
    assertThat(accuracy.n()).isEqualTo(3);
    assertThat(accuracy.values()).hasSize(3);
    assertThat(accuracy.mean())
        .isCloseTo(Arrays.stream(accuracy.values()).sum() / 3, within(1e-12));
    assertThat(accuracy.ci95()[0]).isLessThan(accuracy.mean());
    assertThat(accuracy.patches95()[0]).isLessThan(accuracy.patches95()[1]);
    assertThat(result.variants())
        .extracting(Task3Result.VariantSummary::name)
        .containsExactly("flips", "tonal", "mixed");
    assertThat(result.variants().get(0).accuracy().values()).isEqualTo(accuracy.values());
    double[] sorted = accuracy.values().clone();
    Arrays.sort(sorted);
    assertThat(accuracy.values()[result.medianRun() - 1]).isEqualTo(sorted[1]);
    int[][] confusion = result.confusion();
    assertThat(confusion[0][0] + confusion[1][1]).isEqualTo(Math.round(sorted[1] * 150));
    assertThat(result.patches()).isEqualTo(new Task3Result.Patches(200, 150, 100));
    assertThat(result.maps().layer()).isEqualTo("head_relu");
    assertThat(result.maps().patches()).isEqualTo(100);
    assertThat(result.maps().mean()).isBetween(-1.0, 1.0);
    assertThat(result.test()).isNull();
  }

  @Test
  void synthesisesClassesThatPurpleAloneCannotSeparate() {
    // Larger blobs are more purple on the whole; a tenth of the labels is wrong.
    assertThat(result.ensemble().auc()).isGreaterThan(0.7);
    assertThat(result.purple()).hasSizeGreaterThan(2);
    assertThat(result.purple().get(0).trainAuc()).isGreaterThan(0.6);
    assertThat(result.purple())
        .allSatisfy(
            p -> {
              assertThat(p.trainAuc()).isBetween(0.5, result.purple().get(0).trainAuc());
              assertThat(p.patches95()[0]).isLessThanOrEqualTo(p.validationAuc());
            });
  }

  @Test
  void reportsEnsemblesAndTestTimeAugmentationSeparately() {
    assertThat(result.symmetries()).containsOnlyKeys("accuracy", "auc");
    assertThat(result.symmetries().get("accuracy").values())
        .isNotEqualTo(result.validation().get("accuracy").values());
    assertThat(result.ensemble().networks()).isEqualTo(3);
    assertThat(result.ensemble().symmetriesAuc()).isBetween(0.5, 1.0);
  }

  @Test
  void givesNoVerdictsInATrialRun() {
    assertThat(result.claims()).isEmpty();
    assertThat(result.claimsByAuc()).isEmpty();
    assertThat(result.verdicts()).isEmpty();
    assertThat(result.verdictsByAuc()).isEmpty();
  }

  @Test
  void marksEveryLineOfSyntheticRunsAndWritesNoScoreElsewhere() throws IOException {
    assertThat(printed.lines()).isNotEmpty().allMatch(line -> line.startsWith("SYNTHETIC "));
    assertThat(printed).contains("9/9", "the report", "0.79").doesNotContain("flips help");
    assertThat(Files.readAllLines(directory.resolve("runs.csv")).stream().skip(1))
        .hasSize(9)
        .allMatch(line -> line.startsWith("SYNTHETIC,"));
    assertThat(Files.readAllLines(directory.resolve("history/tonal-2.csv")).stream().skip(1))
        .hasSize(3)
        .allMatch(line -> line.startsWith("SYNTHETIC,"));
    assertThat(Files.readAllLines(directory.resolve("report.md")))
        .contains("# SYNTHETIC Task 3: tumour in patches of lymph nodes")
        .allMatch(
            line ->
                line.isBlank()
                    || line.contains("SYNTHETIC ")
                    || line.equals("./cnnlab task3 --config RUN/config.yaml")
                    || line.startsWith("| --")
                    || line.startsWith("```"));
    assertThat(Files.readString(directory.resolve("result.json")))
        .contains("SYNTHETIC")
        .doesNotContain("accuracy", "auc", "f1");
  }

  @Test
  void theRunDirectoryHasItsFilesAndNoOther() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "SYNTHETIC-submission.csv",
              "accuracy.png",
              "config.yaml",
              "confusion.png",
              "history",
              "mistakes.png",
              "model.json",
              "model.zip",
              "occlusion.png",
              "provenance.json",
              "reliability.png",
              "report.html",
              "report.md",
              "result.json",
              "roc.png",
              "runs.csv",
              "status.json",
              "SYNTHETIC-test-probabilities.csv",
              "tensorboard",
              "tonal.png",
              "trainings");
    }
    for (String plot : List.of("roc", "reliability", "mistakes", "occlusion", "tonal")) {
      BufferedImage image = ImageIO.read(directory.resolve(plot + ".png").toFile());
      assertThat(image.getWidth()).isGreaterThan(300);
    }
    assertThat(Files.readAllLines(directory.resolve("SYNTHETIC-submission.csv")))
        .hasSize(101)
        .startsWith("id,class");
    JsonNode provenance =
        new ObjectMapper().readTree(directory.resolve("provenance.json").toFile());
    assertThat(provenance.get("engine").get("data").asText()).startsWith("SYNTHETIC");
  }

  @Test
  void oneAtATimeGivesTheSameAsAllAtOnce() throws IOException {
    Task3Result one = run("one", "threads=1");
    Task3Result three = run("three", "threads=3");
    Task3Result single = run("single", "repetitions=1", "threads=2");
    double[] expected = one.validation().get("loss").values();
    assertThat(three.validation().get("loss").values()).containsExactly(expected);
    assertThat(three.maps()).usingRecursiveComparison().isEqualTo(one.maps());
    // One training on two threads.
    assertThat(single.validation().get("loss").values()).containsExactly(expected[0]);
    assertThat(single.validation().get("loss").sd()).isNaN();
    assertThat(
            Task3.run(options(temp.resolve("other"), 2, List.of()), SILENT)
                .validation()
                .get("loss")
                .values())
        .isNotEqualTo(expected);
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
    Path killed = temp.resolve("killed");
    PrintStream killer = new PrintStream(new Killer("2/3"), true, StandardCharsets.UTF_8);
    assertThatThrownBy(
            () -> Task3.run(options(killed, 1, List.of("threads=1", "keepWeightsEvery=1")), killer))
        .hasMessage("killed");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Task3Result resumed =
        Task3.run(
            new RunOptions(
                null, List.of(), null, null, false, killed, null, null, List.of("task3")),
            new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("2 of 3 trainings were finished by an earlier run", "3/3")
        .doesNotContain("1/3", "2/3");
    assertThat(resumed.validation().get("loss").values())
        .containsExactly(run("whole").validation().get("loss").values());
    assertThat(killed.resolve("model.zip")).isRegularFile();
    assertThat(killed.resolve("models")).doesNotExist();
    assertThat(EpochWeights.beside(killed.resolve("model.zip")).epochs()).startsWith(0, 1);
    assertThat(killed.resolve("checkpoints")).doesNotExist();

    // Killed after everything was written, but before completion was recorded.
    Path status = killed.resolve("status.json");
    Files.writeString(status, Files.readString(status).replace("finished", "running"));
    Task3Result again =
        Task3.run(
            new RunOptions(
                null, List.of(), null, null, false, killed, null, null, List.of("task3")),
            SILENT);
    assertThat(again.validation().get("loss").values())
        .containsExactly(resumed.validation().get("loss").values());
  }

  @Test
  void theLibraryTrainsTheSameFile() throws IOException {
    Task3Result engines =
        run(
            "engines",
            "repetitions=1",
            "network.dropout=0",
            "variants=[{name: dl4j, set: {engine: dl4j}}, {name: scratch}]");
    // Same weights and batches, and no dropout: only rounding differs.
    double[] auc = engines.variants().stream().mapToDouble(v -> v.auc().mean()).toArray();
    assertThat(auc[0]).isGreaterThan(0.5).isCloseTo(auc[1], within(0.02));
  }

  @Test
  void theReportsNetworkTrainsAndItsBestEpochIsKept() throws IOException {
    Path out = temp.resolve("reports");
    Task3.run(
        options(
            out,
            1,
            List.of(
                "network={kind: report, dropout: 0.02, widths: [], blocks: 1, pooledStem: false}",
                "optimizer={learningRate: 0.001, cosine: false, warmup: 0, weightDecay: 0}",
                "repetitions=1",
                "epochs=4",
                "earlyStopping={watch: validation_auc, patience: 1}")),
        SILENT);
    String[] cells = Files.readAllLines(out.resolve("runs.csv")).get(1).split(",", -1);
    assertThat(cells[5]).isEqualTo("924874");
    int epochs = Integer.parseInt(cells[6]);
    int kept = Integer.parseInt(cells[7]);
    assertThat(epochs).isEqualTo(Math.min(4, kept + 1));
    List<String> history = Files.readAllLines(out.resolve("history/task3-report-1.csv"));
    assertThat(history).hasSize(epochs + 1);
    // The area in the row is that of the kept epoch.
    assertThat(history.get(kept).split(",")[7]).isEqualTo(cells[11]);
    assertThat(Files.readString(out.resolve("report.md"))).contains("best epoch by validation auc");
  }

  /** One variant that learns, with early stopping, and one with an absurd learning rate. */
  private static final List<String> HALF =
      List.of(
          "repetitions=2",
          "threads=1",
          "epochs=2",
          "testTimeSymmetries=true",
          "variants=[{name: sane, set: {earlyStopping: {watch: validation_auc, patience: 0}}},"
              + " {name: wild, set: {optimizer.learningRate: 1e30}}]",
          "claims=[{claim: sane is better, better: sane, worse: wild},"
              + " {claim: so it is, better: sane+symmetries, worse: wild+symmetries}]");

  @Test
  void recordsDivergedTrainingsAndLeavesThemOutOfStatistics() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Path run = temp.resolve("half");
    Task3Result half =
        Task3.run(options(run, 1, HALF), new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(half.n()).isEqualTo(2);
    assertThat(half.diverged())
        .extracting(DivergedTraining::variant, DivergedTraining::repetition)
        .containsExactly(tuple("wild", 1), tuple("wild", 2));
    assertThat(half.variants().get(1).accuracy()).isNull();
    // Claims are not judged on synthetic patches.
    assertThat(half.claims()).isEmpty();
    assertThat(half.claimsByAuc()).isEmpty();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("wild #1  DIVERGED, ", "epoch 1", "2 of 4 trainings diverged", "learningRate");
    assertThat(Files.readString(run.resolve("report.md")))
        .contains(
            "2 of 4 trainings diverged",
            "0 (2 diverged)",
            "best epoch by validation auc",
            "belong to the first variant, sane");
    JsonNode record = new ObjectMapper().readTree(run.resolve("model.json").toFile());
    assertThat(record.at("/training/variant").asText()).isEqualTo("sane");
    assertThat(record.at("/configuration/earlyStopping/watch").asText())
        .isEqualTo("validation_auc");
    assertThat(record.at("/images/dataSet").asText()).startsWith("SYNTHETIC");

    Path killed = temp.resolve("half-killed");
    PrintStream killer = new PrintStream(new Killer("3/4"), true, StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Task3.run(options(killed, 1, HALF), killer)).hasMessage("killed");
    assertThat(killed.resolve("trainings/wild-1.json")).isRegularFile();
    Task3.run(
        new RunOptions(null, List.of(), null, null, false, killed, null, null, List.of("task3")),
        SILENT);
    assertThat(untimed(killed)).containsExactlyElementsOf(untimed(run));
  }

  /** Rows without images per second, the share of waiting, the seconds and the mark. */
  private static List<String> untimed(Path run) throws IOException {
    return Files.readAllLines(run.resolve("runs.csv")).stream()
        .map(line -> line.replaceAll("(,[^,]*){4}$", ""))
        .toList();
  }

  @Test
  void failsWhenEveryTrainingDiverges() {
    Path run = temp.resolve("nothing");
    List<String> wild = List.of("repetitions=2", "optimizer.learningRate=1e30");
    assertThatThrownBy(() -> Task3.run(options(run, 1, wild), SILENT))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("no training of task3-report", "epoch 1");
    assertThat(run.resolve("report.md")).content().contains("2 of 2 trainings diverged");
    assertThat(run.resolve("runs.csv")).content().contains("diverged");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "variants=[{set: {epochs: 2}}]",
        "variants=[{name: a}, {name: b, set: {seed: 7}}]",
        "variants=[{name: a}, {name: b, set: {evaluationLimit: 7}}]",
        "variants=[{name: a}, {name: b, set: {data: patchcamelyon}}]",
        "variants=[{name: a}, {name: b, set: {dl4j.onednn: false}}]",
        "variants=[{name: a}, {name: b, set: {threads: 7}}]",
        "claims=[{claim: x, better: task3-report, worse: nobody}]",
        "claims=[{claim: x, better: task3-report, worse: task3-report}]",
        "claims=[{claim: x, better: task3-report+symmetries, worse: task3-report}]",
        "claims=[{claim: x, better: task3-report+adapted, worse: task3-report}]",
        "augmentation=[{tona: {range: 0.1}}]",
        "preprocessing=[flip]",
        "network.kind=report",
        "network.widths=[]",
        "network.widths=[0]",
        "network={kind: equivariant, widths: []}",
        "network={kind: equivariant, widths: [4, 0]}",
        "network={kind: equivariant, widths: [4], dropout: 1}",
        "network.widths=[8, 8, 8, 8, 8]",
        "network.blocks=0",
        "data=imagenet",
        "mixUp=-1",
        "labelSmoothing=1",
        "earlyStopping={watch: none, patience: 2}",
        "earlyStopping={watch: auc, patience: 2}"
      })
  void mistakesStopTheRunBeforeItBegins(String set) {
    Path out = temp.resolve("wrong");
    assertThatThrownBy(() -> Task3.run(options(out, 1, List.of(set)), SILENT))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(set.substring(0, set.indexOf('=')).replaceAll(".*[.]", ""));
    assertThat(out).doesNotExist();
  }

  @Test
  void groupedValidationLeavesOutOneGroupAfterTheOther() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Path out = temp.resolve("grouped");
    Task3Result grouped =
        Task3.run(
            options(
                out,
                1,
                List.of(
                    "validation=grouped",
                    "groups=3",
                    "repetitions=4",
                    "epochs=2",
                    "evaluationLimit=0",
                    "testTimeSymmetries=true",
                    "variants=[{name: flips}, {name: plain, set: {augmentation: []}}]",
                    "claims=[{claim: flips help, better: flips, worse: plain}]")),
            new PrintStream(bytes, true, StandardCharsets.UTF_8));
    GroupedScores scores = grouped.grouped();
    assertThat(scores.groups()).extracting(GroupedScores.Group::group).containsExactly(1, 2, 3);
    assertThat(scores.groups().stream().mapToInt(GroupedScores.Group::patches).sum())
        .isEqualTo(200);
    List<String> rows = Files.readAllLines(out.resolve("runs.csv"));
    assertThat(rows.subList(1, 5))
        .extracting(r -> r.split(",")[4])
        .containsExactly("1", "2", "3", "1");
    // Group 1 was left out twice: its mean counts once.
    double[] accuracies = grouped.validation().get("accuracy").values();
    double first = (accuracies[0] + accuracies[3]) / 2;
    GroupedScores.VariantScores flips = scores.variants().get(0);
    assertThat(flips.accuracy())
        .isCloseTo((first + accuracies[1] + accuracies[2]) / 3, within(1e-12));
    assertThat(flips.worstAccuracy())
        .isCloseTo(Math.min(first, Math.min(accuracies[1], accuracies[2])), within(1e-12));
    assertThat(grouped.ensemble()).isNull();
    assertThat(grouped.purple()).isEmpty();
    assertThat(out.resolve("SYNTHETIC-submission.csv")).doesNotExist();
    assertThat(out.resolve("occlusion.png")).isNotEmptyFile();
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("group left out", "worst group");
    assertThat(Files.readString(out.resolve("report.md")))
        .contains("200 training patches in 3 groups by estimated slide")
        .contains("The validation and test files were not used.");
  }

  /** One evaluated patch of each group has an accuracy, but no area under the ROC curve. */
  @Test
  void accuraciesOfGroupsDoNotNeedBothClasses() throws IOException {
    Path out = temp.resolve("one-class");
    GroupedScores scores =
        Task3.run(
                options(
                    out,
                    1,
                    List.of(
                        "validation=grouped",
                        "groups=3",
                        "repetitions=3",
                        "epochs=1",
                        "evaluationLimit=1")),
                new PrintStream(OutputStream.nullOutputStream()))
            .grouped();
    assertThat(scores.groups()).extracting(GroupedScores.Group::patches).containsExactly(1, 1, 1);
    assertThat(scores.groups()).extracting(GroupedScores.Group::tumours).isSubsetOf(0.0, 1.0);
    assertThat(scores.variants().get(0).accuracy()).isBetween(0.0, 1.0);
    assertThat(scores.variants().get(0).worstAccuracy()).isBetween(0.0, 1.0);
    assertThat(scores.variants().get(0).auc()).isNull();
    assertThat(GroupTables.missing(scores)).isEmpty();
  }

  @Test
  void groupsThatNoTrainingLeavesOutAreNamed() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Path out = temp.resolve("two");
    Task3.run(
        options(
            out,
            1,
            List.of(
                "validation=grouped",
                "groups=3",
                "repetitions=2",
                "epochs=1",
                "evaluationLimit=10",
                "network={kind: residual, widths: [2], pooledStem: true}",
                "distillation={teachers: 1, weight: 0.25, unlabelled: test}")),
        new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("leaves out group 3");
    assertThat(Files.readString(out.resolve("report.md")))
        .contains("Set repetitions to 3")
        .contains("Each network learned from 1 teacher, with a share of 0.25")
        .contains("so the scores are transductive");
  }

  @Test
  void groupsThatVariantsCannotShareAreRefused() {
    assertThatThrownBy(
            () ->
                run(
                    "groups",
                    "validation=grouped",
                    "variants=[{name: a}, {name: b, set: {trainLimit: 100}}]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("the groups depend on it");
    assertThatThrownBy(() -> run("many", "groups=21"))
        .hasMessageContaining("groups")
        .hasMessageContaining("from 2 to 20");
    assertThatThrownBy(() -> run("few", "validation=grouped", "groups=20", "trainLimit=40"))
        .hasMessageContaining("Use more patches (trainLimit), or fewer groups");
    assertThatThrownBy(
            () -> run("alone", "distillation={teachers: 0, weight: 1, unlabelled: test}"))
        .hasMessageContaining("none where there are no teachers");
    assertThatThrownBy(() -> run("idle", "distillation={teachers: 1, weight: 0, unlabelled: none}"))
        .hasMessageContaining("above 0 where unlabelled is none");
  }
}
