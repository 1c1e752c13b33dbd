package cnnlab.task3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.config.ConfigLoader;
import cnnlab.config.UsageException;
import cnnlab.data.ImageSubset;
import cnnlab.data.file.DataException;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.SyntheticPatches;
import cnnlab.engine.Dl4jEngine;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.experiment.Variant;
import cnnlab.inference.ModelLoader;
import cnnlab.store.CheckpointFile;
import cnnlab.training.EpochMetrics;
import cnnlab.training.TrainingListener;
import cnnlab.training.TrainingSpan;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One training of Task 3, uninterrupted and resumed. */
class Task3RepetitionTest {
  private static final int[] EVALUATED = IntStream.range(0, 100).toArray();
  private static final PatchCamelyon DATA = SyntheticPatches.create(160, 1);
  private static final Task3Data.Fold FOLD =
      new Task3Data.Fold(
          ImageSubset.all(DATA.train()),
          new ImageSubset(DATA.validation(), EVALUATED),
          Optional.empty(),
          Optional.of(new ImageSubset(DATA.validation(), EVALUATED)));

  @TempDir Path temp;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  private static Variant<Task3Config> variant(String... sets) {
    List<String> all = new ArrayList<>(List.of("data=synthetic", "epochs=4"));
    all.addAll(List.of(sets));
    return new Variant<>(
        "a", ConfigLoader.load(Task3Config.class, Task3Config.DEFAULT, null, all).value());
  }

  /** Ends the training in the middle of the epoch after {@code lastEpoch}. */
  private record Killer(int lastEpoch) implements TrainingListener {
    @Override
    public void batchDone(int epoch, int images, double loss) {
      if (epoch > lastEpoch) {
        throw new IllegalStateException("killed");
      }
    }

    @Override
    public void epochDone(EpochMetrics metrics) {
      assertThat(metrics.validationAuc()).isBetween(0.0, 1.0);
    }
  }

  private static Task3Repetition.Outcome run(
      Variant<Task3Config> variant, int threads, Path checkpoint, int lastEpoch)
      throws IOException {
    return Task3Repetition.run(
        variant,
        1,
        FOLD,
        new TrainingSpan(
            variant.config().epochs(),
            threads,
            CheckpointFile.of(checkpoint, "a"),
            new Killer(lastEpoch)));
  }

  @ParameterizedTest
  @CsvSource({"scratch, residual", "dl4j, residual", "scratch, equivariant", "dl4j, equivariant"})
  void aKilledTrainingGoesOnToTheSameBits(String engine, String kind) throws IOException {
    Variant<Task3Config> variant =
        variant(
            "engine=" + engine,
            "network={kind: %s, dropout: 0.2, widths: [4], blocks: 1, pooledStem: true}"
                .formatted(kind),
            "mixUp=0.3",
            "averageDecay=0.9",
            "testTimeSymmetries=true",
            "optimizer={learningRate: 0.01, cosine: true, warmup: 0.1, weightDecay: 0.01}");
    Path checkpoint = temp.resolve("checkpoint.bin");
    Task3Repetition.Outcome whole = run(variant, 1, null, 4);
    assertThatThrownBy(() -> run(variant, 1, checkpoint, 2)).hasMessage("killed");
    assertThat(checkpoint).isRegularFile();
    Task3Repetition.Outcome resumed = run(variant, 2, checkpoint, 4);
    assertThat(resumed.training().probabilities())
        .hasSize(2 * 2 * EVALUATED.length)
        .containsExactly(whole.training().probabilities());
    if (kind.equals("equivariant")) {
      float[] both = whole.training().probabilities();
      int half = both.length / 2;
      assertThat(Arrays.copyOfRange(both, half, both.length))
          .as("means over the eight symmetries")
          .containsExactly(Arrays.copyOf(both, half), within(1e-4f));
    }
    assertThat(resumed.history()).hasSize(4);
    for (int e = 0; e < 4; e++) {
      assertThat(resumed.history().get(e).batchLoss())
          .isEqualTo(whole.history().get(e).batchLoss());
    }
    assertThat(resumed.graph().params()).isEqualTo(whole.graph().params());
    assertThat(resumed.training().row().auc()).isEqualTo(whole.training().row().auc());
  }

  @Test
  void discardsABrokenCheckpoint() throws IOException {
    Path checkpoint = Files.writeString(temp.resolve("checkpoint.bin"), "something else");
    assertThat(run(variant(), 1, checkpoint, 4).training().probabilities())
        .containsExactly(run(variant(), 1, null, 4).training().probabilities());
  }

  @Test
  void trainingBeginsWithWhatKerasTrained() throws IOException, URISyntaxException {
    Path keras = Path.of(getClass().getResource("/keras/task3.keras").toURI());
    Task3Config config = variant("init=" + keras).config();
    ComputationGraph graph = Task3Repetition.graph(config, 1, 10);
    ComputationGraph expected = ModelLoader.load(keras);
    float[] images = DATA.train().batch(EVALUATED, 0, 8);
    assertThat(new Dl4jEngine(graph, 3, 32, 32).predict(images, 8))
        .containsExactly(new Dl4jEngine(expected, 3, 32, 32).predict(images, 8), within(1e-6f));
    // Settings that are not in the model's file, such as the optimiser, are the experiment's.
    assertThat(graph.getConfiguration().toJson())
        .isEqualTo(Task3Repetition.graph(variant().config(), 1, 10).getConfiguration().toJson());
    Task3Config residual =
        variant("init=" + keras, "network={kind: residual, widths: [4]}").config();
    assertThatThrownBy(() -> Task3Repetition.graph(residual, 1, 10))
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll("init", "task3.keras");
  }

  private static final String[] DISTILLED = {
    "network={kind: residual, dropout: 0, widths: [4], blocks: 1, pooledStem: true}",
    "optimizer={learningRate: 0.01, cosine: true, warmup: 0.1, weightDecay: 0.01}",
    "distillation={teachers: 2, weight: 0.5, unlabelled: test}"
  };

  /** Ends the training at a batch, counted over teachers and student. */
  private static final class BatchKiller implements TrainingListener {
    private final int last;
    private int batches;

    BatchKiller(int last) {
      this.last = last;
    }

    @Override
    public void batchDone(int epoch, int images, double loss) {
      if (++batches > last) {
        throw new IllegalStateException("killed");
      }
    }
  }

  private static Task3Repetition.Outcome distilled(Path checkpoint, TrainingListener listener)
      throws IOException {
    return Task3Repetition.run(
        variant(DISTILLED),
        1,
        FOLD,
        new TrainingSpan(4, 1, CheckpointFile.of(checkpoint, "a"), listener));
  }

  /** Two teachers of 4 epochs with 2 batches each, then the student with 3. */
  @ParameterizedTest
  @ValueSource(ints = {5, 13, 21})
  void aKilledDistillationGoesOnToTheSameBits(int batches) throws IOException {
    Path checkpoint = temp.resolve("distilled-%d.bin".formatted(batches));
    Task3Repetition.Outcome whole = distilled(null, new BatchKiller(8 + 8 + 12));
    assertThatThrownBy(() -> distilled(checkpoint, new BatchKiller(batches))).hasMessage("killed");
    Task3Repetition.Outcome resumed = distilled(checkpoint, new BatchKiller(100));
    assertThat(resumed.graph().params()).isEqualTo(whole.graph().params());
    assertThat(resumed.training().probabilities())
        .containsExactly(whole.training().probabilities());
    Task3Teachers.deleteCheckpoints(checkpoint, variant(DISTILLED).config());
    assertThat(temp.resolve(checkpoint.getFileName() + ".teacher-1")).doesNotExist();
  }

  @Test
  void teachersWithTheLeastWeightChangeNothing() throws IOException {
    String network = DISTILLED[0];
    Task3Repetition.Outcome plain = run(variant(network), 1, null, 4);
    Task3Repetition.Outcome taught =
        run(
            variant(network, "distillation={teachers: 1, weight: 1e-12, unlabelled: none}"),
            1,
            null,
            4);
    assertThat(taught.graph().params()).isEqualTo(plain.graph().params());
  }

  /** Teachers may take most of the time: the user sees their epochs and can stop between them. */
  @Test
  void teachersShowTheirProgressAndCanBeStoppedWhilePredicting() throws IOException {
    List<String> epochs = new ArrayList<>();
    TrainingListener stopped =
        new TrainingListener() {
          @Override
          public void epochBeforeDone(String network, EpochMetrics metrics) {
            epochs.add(network + " " + metrics.epoch());
          }

          @Override
          public void partDone() {
            if (epochs.size() == 8) {
              throw new IllegalStateException("stopped");
            }
          }
        };
    assertThatThrownBy(() -> distilled(null, stopped)).hasMessage("stopped");
    assertThat(epochs)
        .startsWith("teacher 1/2 1", "teacher 1/2 2")
        .endsWith("teacher 2/2 3", "teacher 2/2 4")
        .hasSize(8);
  }

  /** Early stopping chooses by the validation patches, which teachers must not know. */
  @Test
  void teachersTrainAllEpochsEvenIfTheStudentStopsEarly() throws IOException {
    List<Integer> epochs = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void epochBeforeDone(String network, EpochMetrics metrics) {
            epochs.add(metrics.epoch());
          }
        };
    Task3Config config =
        variant(
                DISTILLED[0],
                DISTILLED[2],
                "optimizer.learningRate=1e-20",
                "earlyStopping={watch: validation_accuracy, patience: 1}")
            .config();
    Task3Teachers.lesson(config, 1, FOLD, new TrainingSpan(4, 1, null, listener));
    assertThat(epochs).containsExactly(1, 2, 3, 4, 1, 2, 3, 4);
  }

  @Test
  void targetsAreLabelsAndTeachersInTheGivenShares() throws IOException {
    Task3Config config = variant(DISTILLED).config();
    Task3Teachers.Lesson lesson =
        Task3Teachers.lesson(config, 1, FOLD, new TrainingSpan(4, 1, null, new BatchKiller(100)));
    int n = DATA.train().count();
    assertThat(lesson.labelled().count()).isEqualTo(n);
    assertThat(lesson.indices()).hasSize(n + EVALUATED.length);
    float[] y = lesson.targets().of(lesson.indices(), 0, lesson.indices().length);
    for (int i = 0; i < lesson.indices().length; i++) {
      assertThat(y[2 * i] + y[2 * i + 1]).isCloseTo(1, within(1e-5f));
      if (i < n) {
        assertThat(y[2 * i + DATA.train().labels()[i]]).isBetween(0.5f, 1f);
      }
    }
    assertThat(lesson.labelled().set().labels()[n]).isEqualTo(-1);
  }

  @Test
  void aDivergedTeacherIsNamed() throws IOException {
    Task3Repetition.Outcome outcome =
        run(
            variant(
                DISTILLED[0],
                "optimizer.learningRate=1e25",
                "distillation={teachers: 1, weight: 0.5, unlabelled: none}"),
            1,
            null,
            4);
    assertThat(outcome.training().row().divergence()).startsWith("epoch 1").contains("teacher 1: ");
    assertThat(outcome.training().row().epochs()).isZero();
    assertThat(outcome.history()).isEmpty();
  }

  @Test
  void theSecondsIncludeThoseOfTheTeachers() throws IOException {
    Task3Repetition.Outcome outcome = distilled(null, new BatchKiller(100));
    double student = outcome.history().stream().mapToDouble(Task3Epoch::seconds).sum();
    Task3Config config = variant(DISTILLED).config();
    Task3Teachers.Lesson lesson =
        Task3Teachers.lesson(config, 1, FOLD, new TrainingSpan(4, 1, null, new BatchKiller(100)));
    assertThat(lesson.seconds()).isPositive();
    // Two teachers of as many epochs on nearly as many patches: the student alone has a third.
    assertThat(outcome.training().row().seconds()).isGreaterThan(1.5 * student);
  }

  /** A sweep checks its base configuration only. */
  @Test
  void patchesWithoutLabelsMustBeThere() {
    Task3Data.Fold none =
        new Task3Data.Fold(FOLD.train(), FOLD.validation(), Optional.empty(), Optional.empty());
    assertThat(none.unlabelled(Task3Config.Unlabelled.NONE)).isEmpty();
    assertThatThrownBy(() -> none.unlabelled(Task3Config.Unlabelled.TEST))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("distillation.unlabelled", "test_x.h5", "none");
  }
}
