package cnnlab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.config.UsageException;
import cnnlab.run.Origin;
import cnnlab.store.Provenance;
import cnnlab.store.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FinishedTrainingsTest {
  private static final String MODEL = "models/a-1.zip";

  @TempDir Path temp;
  private RunDirectory run;

  record Row(String variant, int repetition, double loss, Double auc, double seconds)
      implements FinishedTraining.Row {}

  record Config(int epochs, int threads) {}

  @BeforeEach
  void keepTwo() throws IOException {
    run = RunDirectory.at(temp.resolve("run"));
    FinishedTrainings<Row> trainings = open(origin(20, 1, "abc"));
    run.writeText(MODEL, "weights");
    run.writeText("models/a-2.zip", "others");
    trainings.add(training(1, Double.NaN));
    trainings.add(training(2, Double.POSITIVE_INFINITY));
  }

  @AfterEach
  void close() throws IOException {
    run.close();
  }

  private static FinishedTraining<Row> training(int repetition, double loss) {
    return new FinishedTraining<>(
        new Row("a", repetition, loss, null, 1), new float[] {0.25f, 0.75f, Float.NaN, 1});
  }

  private FinishedTrainings<Row> open(Origin origin) throws IOException {
    return FinishedTrainings.open(
        run,
        origin,
        new FinishedTrainings.Spec<>(
            List.of("a"),
            3,
            2,
            Row.class,
            row -> List.of("models/" + row.variant() + "-" + row.repetition() + ".zip")));
  }

  private static Origin origin(int epochs, int threads, String sum) throws IOException {
    return Origin.of(
        new Config(epochs, threads),
        new Provenance.Inputs(
            "1",
            "2",
            List.of(),
            1,
            Map.of(),
            Map.of("train.h5", sum),
            Map.of("dl4j.onednn", true)));
  }

  @Test
  void readsRowsBackUnchanged() throws IOException {
    FinishedTrainings<Row> again = open(origin(20, 4, "abc"));
    assertThat(again.rows())
        .containsExactly(
            training(1, Double.NaN).row(), training(2, Double.POSITIVE_INFINITY).row());
    assertThat(again.of("a").get(0).probabilities())
        .containsExactly(training(1, Double.NaN).probabilities());
  }

  @Test
  void refusesTrainingsOfAnotherOrigin() throws IOException {
    assertThatThrownBy(() -> open(origin(1, 1, "abc")))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("--resume", "a-1", "epochs was 20, is 1");
    assertThatThrownBy(() -> open(origin(20, 1, "def")))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("a-1", "data train.h5 was \"abc\", is \"def\"");
    assertThat(run.path("trainings/a-1.json")).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trainings/a-1.json",
        "trainings/a-1.npy",
        "trainings/a-1.manifest.json",
        "models/a-1.zip"
      })
  void whatIsDamagedOrMissingIsTrainedAgain(String name) throws IOException {
    Path file = run.path(name);
    byte[] bytes = Files.readAllBytes(file);
    Path kept = temp.resolve("kept");
    copy(run.directory(), kept);
    for (int at = 0; at < bytes.length; at += Math.max(1, bytes.length / 40)) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 1;
      Files.write(file, flipped);
      assertThat(open(origin(20, 1, "abc")).rows())
          .as("byte %d", at)
          .extracting(Row::repetition)
          .containsExactly(2);
      copy(kept, run.directory());
      assertThat(open(origin(20, 1, "abc")).rows()).hasSize(2);
    }
    Files.write(file, new byte[0]);
    assertThat(open(origin(20, 1, "abc")).rows()).hasSize(1);
    copy(kept, run.directory());
    Files.delete(file);
    assertThat(open(origin(20, 1, "abc")).rows()).hasSize(1);
    copy(kept, run.directory());
    Files.delete(file);
    Files.createDirectories(file.resolve("folder"));
    FinishedTrainings<Row> trainings = open(origin(20, 1, "abc"));
    assertThat(trainings.rows()).hasSize(1);
    if (!name.equals(MODEL)) {
      run.writeText(MODEL, "weights");
      trainings.add(training(1, Double.NaN));
      assertThat(open(origin(20, 1, "abc")).rows()).hasSize(2);
    }
  }

  /** A row of another repetition is intact, but does not belong to this one. */
  @Test
  void repeatsTrainingsWhoseFilesBelongToOthers() throws IOException {
    for (String ending : List.of("json", "npy", "manifest.json")) {
      Files.copy(
          run.path("trainings/a-2." + ending),
          run.path("trainings/a-1." + ending),
          StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(open(origin(20, 1, "abc")).rows()).extracting(Row::repetition).containsExactly(2);
  }

  private static void copy(Path from, Path to) throws IOException {
    RunDirectory.delete(to.resolve("trainings"));
    RunDirectory.delete(to.resolve("models"));
    for (String folder : List.of("trainings", "models")) {
      try (var files = Files.walk(from.resolve(folder))) {
        for (Path file : files.toList()) {
          Path target = to.resolve(from.relativize(file).toString());
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    }
  }
}
