package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cnnlab.data.Datasets;
import cnnlab.data.file.Hdf5Fixture;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cnnlab task3} on files in the course's layout, made up and real. */
class Task3CommandTest {
  private static final String NETWORK =
      "network={kind: residual, dropout: 0, widths: [4], blocks: 1, pooledStem: true}";

  @TempDir Path temp;

  private Outcome task3(String datasets, String... more) {
    String[] fixed = {
      "task3",
      "--datasets",
      datasets,
      "--out",
      temp.resolve("run").toString(),
      "--set",
      NETWORK,
      "--set",
      "epochs=1",
      "--set",
      "repetitions=2",
      "--set",
      "trainLimit=100",
      "--set",
      "evaluationLimit=80"
    };
    String[] all = Arrays.copyOf(fixed, fixed.length + more.length);
    System.arraycopy(more, 0, all, fixed.length, more.length);
    return Outcome.of(all);
  }

  @Test
  void filesInTheCoursesLayoutGiveScoresAndASubmission() throws IOException {
    Hdf5Fixture.course(Files.createDirectories(temp.resolve("patchcam")), 120, 80, 30, 32);
    Outcome outcome = task3(temp.toString());
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("2/2", "course's layout").doesNotContain("SYNTHETIC");
    checkResult(80);
    List<String> classes = Files.readAllLines(temp.resolve("run/submission.csv"));
    assertThat(classes).hasSize(31);
    List<String> tumour = Files.readAllLines(temp.resolve("run/test-probabilities.csv"));
    assertThat(tumour).hasSize(31).startsWith("id,run_1,run_2");
    int median = json("result.json").get("medianRun").asInt();
    for (int i = 1; i < classes.size(); i++) {
      double p = Double.parseDouble(tumour.get(i).split(",")[median]);
      assertThat(classes.get(i)).endsWith(p > 0.5 ? ",1" : ",0");
    }
    JsonNode provenance = json("provenance.json");
    assertThat(provenance.get("datasets").get("train.h5").asText()).hasSize(64);
    assertThat(Files.readString(temp.resolve("run/report.md")))
        .contains(
            "course's layout", "0.8218", "purple", "occlusion.png", "Grad-CAM", "rank correlation");
    assertThat(json("result.json").at("/maps/patches").asInt()).isPositive();
  }

  @Test
  void realPatchesSayWhereTheyComeFrom() throws IOException {
    String variable = System.getenv(Datasets.VARIABLE);
    assumeTrue(variable != null, "skipped: " + Datasets.VARIABLE + " is not set");
    Path folder = Path.of(variable, "patchcam");
    assumeTrue(Files.isRegularFile(folder.resolve("train.h5")), "skipped: no " + folder);
    Outcome outcome = task3(variable, "--threads", "2");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    checkResult(80);
    assertThat(json("result.json").get("data").asText()).contains("JPEG");
    assertThat(outcome.out()).contains("JPEG");
  }

  private void checkResult(int images) throws IOException {
    JsonNode result = json("result.json");
    assertThat(result.get("n").asInt()).isEqualTo(2);
    for (String score :
        new String[] {"accuracy", "auc", "precision", "recall", "f1", "brier", "ece"}) {
      assertThat(result.get("validation").has(score)).as(score).isTrue();
    }
    JsonNode accuracy = result.get("validation").get("accuracy");
    assertThat(accuracy.get("n").asInt()).isEqualTo(2);
    assertThat(accuracy.get("values")).hasSize(2);
    assertThat(accuracy.get("ci95")).hasSize(2);
    assertThat(accuracy.get("patches95")).hasSize(2);
    assertThat(accuracy.get("mean").asDouble()).isBetween(0.0, 1.0);
    assertThat(accuracy.get("sd").isNumber()).isTrue();
    assertThat(result.get("patches").get("validation").asInt()).isEqualTo(images);
    assertThat(result.get("purple").get(0).get("validationAuc").isNumber()).isTrue();
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(temp.resolve("run").resolve(name).toFile());
  }

  @Test
  void withoutDataItSaysHowToGetItInFourLines() {
    assumeTrue(
        System.getenv(Datasets.VARIABLE) == null, "skipped: " + Datasets.VARIABLE + " is set");
    Outcome outcome = task3(temp.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().strip().lines()).hasSize(4);
    assertThat(outcome.err()).contains("datasets fetch", "datasets prepare", "--datasets");
    assertThat(temp.resolve("run")).doesNotExist();
  }

  @Test
  void dataIsAnOptionToo() {
    Outcome outcome = task3(temp.toString(), "--data", "synthetic");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines()).allMatch(line -> line.startsWith("SYNTHETIC"));
    Outcome unknown = Outcome.of("task3", "--data", "imagenet");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("data", "imagenet", "patchcamelyon, synthetic");
    Outcome both =
        Outcome.of("task3", "--resume", temp.resolve("run").toString(), "--data", "synthetic");
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("--resume");
  }
}
