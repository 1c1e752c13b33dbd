package cnnlab.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.data.BatchSource;
import cnnlab.data.EpochOrder;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.Mnist;
import cnnlab.data.PlainBatches;
import cnnlab.data.patch.SyntheticPatches;
import cnnlab.engine.Dl4jEngine;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.Engine;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Engines;
import cnnlab.engine.ScratchEngine;
import cnnlab.inference.Evaluation;
import cnnlab.model.LymphNodeCnn;
import cnnlab.model.MnistCnn;
import cnnlab.model.Updaters;
import cnnlab.model.file.ModelFiles;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.dl4j.GraphParameters;
import cnnlab.scratch.dl4j.TrainingCompiler;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.train.NetworkTrainer;
import cnnlab.store.CheckpointFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training by both engines on a little real MNIST. */
class TrainingTest {
  private static final Shape INPUT = new Shape(1, 28, 28);
  private static final int[] TRAIN = IntStream.range(0, 700).toArray();
  private static final int[] VALIDATION = IntStream.range(1000, 1300).toArray();
  private static final int BATCH = 128;
  private static ImageSet set;

  @TempDir Path folder;

  @BeforeAll
  static void data() {
    Dl4jRuntime.configure(true, 1);
    set = Mnist.load(Path.of("datasets")).train();
  }

  private static ComputationGraph graph() {
    return MnistCnn.create(3, Updaters.adam(3e-3, 0.9, 0.999, 1e-7));
  }

  private static Engine engine(String name, int threads) {
    return name.equals("dl4j") ? new Dl4jEngine(graph(), 1, 28, 28) : scratch(graph(), 0, threads);
  }

  private static ScratchEngine scratch(ComputationGraph graph, double average, int threads) {
    Network network = GraphCompiler.compile(graph, INPUT, Kernels.best());
    NetworkTrainer.Options options = TrainingCompiler.options(graph, network, average, BATCH, 5);
    return ScratchEngine.forTraining(network, options, threads);
  }

  /** Ends the training abruptly, in the middle of the epoch after {@code lastEpoch}. */
  private record Killer(int lastEpoch) implements TrainingListener {
    @Override
    public void batchDone(int epoch, int images, double loss) {
      if (epoch > lastEpoch) {
        throw new IllegalStateException("killed");
      }
    }

    @Override
    public void epochDone(EpochMetrics metrics) {
      assertThat(metrics.imagesPerSecond()).isPositive();
    }
  }

  private static List<EpochMetrics> fit(Engine engine, int epochs, Path checkpoint, int lastEpoch)
      throws IOException {
    return fit(engine, epochs, checkpoint, "this training", lastEpoch);
  }

  private static List<EpochMetrics> fit(
      Engine engine, int epochs, Path checkpoint, String origin, int lastEpoch) throws IOException {
    TrainingOptions options =
        new TrainingOptions(
            epochs, 1, WatchedMetric.VALIDATION_ACCURACY, 0, CheckpointFile.of(checkpoint, origin));
    return fit(engine, options, new ImageSubset(set, TRAIN), VALIDATION, lastEpoch).history();
  }

  private static Trainer.Fit fit(
      Engine engine, TrainingOptions options, ImageSubset train, int[] validation, int lastEpoch)
      throws IOException {
    Trainer trainer = Trainer.start(engine, options);
    return trainer.fit(
        batches(train, trainer.epochsDone()),
        train,
        new ImageSubset(train.set(), validation),
        new Killer(lastEpoch));
  }

  private static BatchSource batches(ImageSubset train, int epochsDone) {
    return new PlainBatches(
        train.set(), EpochOrder.shuffled(train.indices(), 11), BATCH, epochsDone);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dl4j", "scratch"})
  void aKilledTrainingGoesOnToTheSameBits(String name) throws IOException {
    Path checkpoint = folder.resolve("checkpoint.bin");
    try (Engine whole = engine(name, 1);
        Engine killed = engine(name, 1);
        Engine resumed = engine(name, 2)) {
      List<EpochMetrics> expected = fit(whole, 4, null, 4);
      assertThatThrownBy(() -> fit(killed, 4, checkpoint, 2)).hasMessage("killed");
      List<EpochMetrics> actual = fit(resumed, 4, checkpoint, 4);
      assertThat(actual).hasSize(4);
      assertThat(losses(actual)).containsExactly(losses(expected));
      assertThat(resumed.weights()).containsExactly(whole.weights());
      assertThat(folder.toFile().list()).containsExactly("checkpoint.bin");
    }
  }

  private static double[] losses(List<EpochMetrics> history) {
    return history.stream()
        .flatMapToDouble(m -> DoubleStream.of(m.batchLoss(), m.trainLoss(), m.validationLoss()))
        .toArray();
  }

  @Test
  void theCheckpointOfAnotherTrainingIsRefused() throws IOException {
    Path checkpoint = folder.resolve("checkpoint.bin");
    try (Engine engine = engine("scratch", 1);
        Engine other = engine("dl4j", 1)) {
      fit(engine, 1, checkpoint, 1);
      assertThatThrownBy(() -> fit(other, 2, checkpoint, 2))
          .isInstanceOf(ForeignCheckpointException.class)
          .hasMessageContainingAll("checkpoint.bin", "engine scratch", "delete it");
      assertThatThrownBy(() -> fit(engine, 2, checkpoint, "another training", 2))
          .isInstanceOf(ForeignCheckpointException.class)
          .hasMessageContainingAll("checkpoint.bin", "another configuration", "delete it");
      assertThat(checkpoint).exists();
    }
  }

  /** In every case the training gives the bits of an uninterrupted one. */
  @Test
  void discardsADamagedCheckpoint() throws IOException {
    Path checkpoint = folder.resolve("checkpoint.bin");
    double[] expected;
    try (Engine engine = engine("scratch", 1)) {
      expected = losses(fit(engine, 2, null, 2));
    }
    try (Engine engine = engine("scratch", 1)) {
      fit(engine, 1, checkpoint, 1);
    }
    byte[] whole = Files.readAllBytes(checkpoint);
    List<byte[]> damaged = new ArrayList<>();
    for (int length : new int[] {0, 5, 40, 200, whole.length / 2, whole.length - 9}) {
      damaged.add(Arrays.copyOf(whole, length));
    }
    for (int at : new int[] {0, 9, 14, 100, 400, whole.length / 2, whole.length - 1}) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 4;
      damaged.add(flipped);
    }
    damaged.add("something else altogether".getBytes(StandardCharsets.UTF_8));
    for (byte[] bytes : damaged) {
      Files.write(checkpoint, bytes);
      try (Engine engine = engine("scratch", 1)) {
        assertThat(losses(fit(engine, 2, checkpoint, 2))).containsExactly(expected);
        TrainingOptions done =
            TrainingOptions.withDefaults(2, CheckpointFile.of(checkpoint, "this training"));
        assertThat(Trainer.start(engine, done).epochsDone()).isEqualTo(2);
      }
    }
    Files.delete(checkpoint);
    Files.createDirectory(checkpoint);
    try (Engine engine = engine("scratch", 1)) {
      assertThat(losses(fit(engine, 2, checkpoint, 2))).containsExactly(expected);
    }
  }

  /** As when the outcome of a trial's earlier stop was lost. */
  @Test
  void discardsACheckpointBeyondTheLastEpoch() throws IOException {
    Path checkpoint = folder.resolve("checkpoint.bin");
    double[] expected;
    try (Engine engine = engine("scratch", 1)) {
      expected = losses(fit(engine, 1, null, 1));
    }
    try (Engine engine = engine("scratch", 1)) {
      fit(engine, 3, checkpoint, 3);
    }
    try (Engine engine = engine("scratch", 1)) {
      assertThat(losses(fit(engine, 1, checkpoint, 1))).containsExactly(expected);
    }
  }

  @Test
  void theBestWeightsAreRestoredAndPatienceEndsTraining() throws IOException {
    // A learning rate that soon ruins the network, so that the best epoch is not the last.
    ComputationGraph graph = MnistCnn.create(3, Updaters.adam(0.3, 0.9, 0.999, 1e-7));
    try (Engine engine = scratch(graph, 0, 1)) {
      TrainingOptions options = new TrainingOptions(30, 1, WatchedMetric.VALIDATION_LOSS, 3, null);
      Trainer.Fit fit = fit(engine, options, new ImageSubset(set, TRAIN), VALIDATION, 30);
      List<EpochMetrics> history = fit.history();
      assertThat(fit.keptEpoch()).isEqualTo(history.size() - 3);
      double best = history.stream().mapToDouble(EpochMetrics::validationLoss).min().orElseThrow();
      assertThat(history).hasSizeLessThan(30);
      assertThat(history.get(history.size() - 4).validationLoss()).isEqualTo(best);
      assertThat(Evaluation.of(engine, set, VALIDATION).loss()).isEqualTo(best);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dl4j", "scratch"})
  void aTrainingThatDivergesEndsAtThatBatchAndSaysWhere(String name) throws IOException {
    ComputationGraph graph = MnistCnn.create(3, Updaters.adam(1e30, 0.9, 0.999, 1e-7));
    Path checkpoint = folder.resolve("checkpoint.bin");
    try (Engine engine =
        name.equals("dl4j") ? new Dl4jEngine(graph, 1, 28, 28) : scratch(graph, 0, 1)) {
      assertThatThrownBy(() -> fit(engine, 2, checkpoint, 2))
          .isInstanceOfSatisfying(
              DivergedException.class,
              e -> {
                assertThat(e.divergence().epoch()).isEqualTo(1);
                assertThat(e.divergence().batch()).isBetween(2, 6);
                assertThat(e.divergence().value()).isNotFinite();
                assertThat(e.history()).isEmpty();
              })
          .hasMessageContainingAll("epoch 1, batch ", "the loss is ", "smaller", "learningRate");
    }
    assertThat(checkpoint).doesNotExist();
  }

  /** An engine with correct numbers except those that a test breaks. */
  private record Broken(Engine engine, int weightAfter, boolean outputs) implements Engine {
    @Override
    public String name() {
      return engine.name();
    }

    @Override
    public float[] predict(float[] x, int n) {
      float[] p = engine.predict(x, n);
      if (outputs) {
        p[p.length - 1] = Float.POSITIVE_INFINITY;
      }
      return p;
    }

    @Override
    public double trainBatch(float[] x, float[] y, int n) {
      return weightAfter == 0 ? Double.NEGATIVE_INFINITY : engine.trainBatch(x, y, n);
    }

    @Override
    public float[] weights() {
      float[] weights = engine.weights();
      if (weightAfter == 1) {
        weights[7] = Float.NaN;
      }
      return weights;
    }

    @Override
    public void setWeights(float[] weights) {
      engine.setWeights(weights);
    }

    @Override
    public void saveState(DataOutputStream out) throws IOException {
      engine.saveState(out);
    }

    @Override
    public void loadState(DataInputStream in) throws IOException {
      engine.loadState(in);
    }
  }

  @Test
  void weightsAndOutputsAreLookedAtAfterEachEpoch() {
    try (Engine engine = engine("scratch", 1)) {
      assertThatThrownBy(() -> fit(new Broken(engine, 0, false), 2, null, 2))
          .hasMessageContainingAll("epoch 1, batch 1", "-Infinity", "(init)");
      assertThatThrownBy(() -> fit(new Broken(engine, 1, false), 2, null, 2))
          .isInstanceOf(DivergedException.class)
          .hasMessageContaining("after epoch 1: a weight is NaN");
      assertThatThrownBy(() -> fit(new Broken(engine, -1, true), 2, null, 2))
          .isInstanceOf(DivergedException.class)
          .hasMessageContaining("after epoch 1: an output on training images is Infinity");
    }
  }

  @Test
  void theKeptEpochIsTheOneWhoseWeightsTheEngineHas() throws IOException {
    ImageSet patches = SyntheticPatches.create(64, 1).train();
    ImageSubset all = ImageSubset.all(patches);
    int[] tumours = IntStream.of(all.indices()).filter(i -> patches.labels()[i] == 1).toArray();
    ComputationGraph graph =
        LymphNodeCnn.create(1, Updaters.adam(1e-3, 0.9, 0.999, 1e-7), LymphNodeCnn.DROPOUT);
    TrainingOptions options = new TrainingOptions(3, 1, WatchedMetric.VALIDATION_AUC, 0, null);
    try (Engine engine =
        Engines.training(
            EngineKind.SCRATCH,
            graph,
            new Shape(3, 32, 32),
            Engines.Training.withDefaults(BATCH, 1),
            1)) {
      // With one class there is no area under the ROC curve to watch, so the last weights are kept.
      Trainer.Fit fit = fit(engine, options, all, tumours, 3);
      assertThat(fit.history()).extracting(EpochMetrics::validationAuc).containsOnly(Double.NaN);
      assertThat(fit.keptEpoch()).isEqualTo(3);
      assertThat(Evaluation.of(engine, patches, tumours).loss())
          .isEqualTo(fit.kept().validationLoss());
    }
  }

  @Test
  void theAreaUnderTheCurveIsOfTwoClassesOnly() throws IOException {
    try (Engine engine = engine("scratch", 1)) {
      assertThat(fit(engine, 1, null, 1).get(0).validationAuc()).isNull();
      TrainingOptions options = new TrainingOptions(1, 1, WatchedMetric.VALIDATION_AUC, 0, null);
      assertThatThrownBy(() -> fit(engine, options, new ImageSubset(set, TRAIN), VALIDATION, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("10 classes", "2 expected");
    }
  }

  /** As when a source starts with the first epoch although the checkpoint contains it. */
  @Test
  void refusesBatchesOfAnotherEpoch() throws IOException {
    ImageSubset train = new ImageSubset(set, TRAIN);
    ImageSubset fewer = train.first(TRAIN.length - 1);
    try (Engine engine = engine("scratch", 1)) {
      Trainer trainer = Trainer.start(engine, TrainingOptions.withDefaults(2, null));
      assertThatThrownBy(() -> trainer.fit(batches(train, 1), train, train, new Killer(2)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("128 images of epoch 2 found after 0 of epoch 1, which has 700");
      assertThatThrownBy(() -> trainer.fit(batches(fewer, 0), train, train, new Killer(2)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("128 images of epoch 2 found after 699 of epoch 1, which has 700");
      assertThatThrownBy(() -> trainer.fit(batches(train, 0), fewer, train, new Killer(2)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("60 images of epoch 1 found after 640 of epoch 1, which has 699");
    }
  }

  @Test
  void bothEnginesLearnTheSame() throws IOException {
    try (Engine library = engine("dl4j", 1);
        Engine scratch = engine("scratch", 2)) {
      List<EpochMetrics> a = fit(library, 5, null, 5);
      List<EpochMetrics> b = fit(scratch, 5, null, 5);
      for (int e = 0; e < 5; e++) {
        assertThat(b.get(e).batchLoss()).isCloseTo(a.get(e).batchLoss(), within(2e-4));
      }
      assertThat(b.get(4).validationAccuracy())
          .isGreaterThan(0.6)
          .isCloseTo(a.get(4).validationAccuracy(), within(0.01));
    }
  }

  @Test
  void predictsWithAveragedWeights() throws IOException {
    try (ScratchEngine averaged = scratch(graph(), 0.9, 1);
        ScratchEngine plain = scratch(graph(), 0, 1)) {
      fit(averaged, 1, null, 1);
      fit(plain, 1, null, 1);
      assertThat(averaged.weights()).isNotEqualTo(plain.weights());
      assertThat(Evaluation.of(averaged, set, VALIDATION).accuracy()).isGreaterThan(0.2);
    }
  }

  @Test
  void writesTrainedParametersBackIntoTheGraph() throws IOException {
    ComputationGraph graph = graph();
    float[] x = set.batch(VALIDATION, 0, 300);
    try (ScratchEngine engine = scratch(graph, 0, 2)) {
      fit(engine, 2, null, 2);
      Network trained =
          GraphCompiler.compile(graph, INPUT, Kernels.best()).withParameters(engine.weights());
      GraphParameters.write(trained, graph);
      Path zip = folder.resolve("model.zip");
      ModelFiles.save(graph, zip);
      Engine library = new Dl4jEngine(ModelFiles.load(zip), 1, 28, 28);
      float[] expected = engine.predict(x, 300);
      float[] actual = library.predict(x, 300);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(2e-6f));
      }
      double before = Evaluation.of(library, set, VALIDATION).loss();
      fit(library, 3, null, 3);
      assertThat(Evaluation.of(library, set, VALIDATION).loss()).isLessThan(before);
    }
  }

  @Test
  void refusesToTrainAnInferenceEngine() {
    Network network = GraphCompiler.compile(graph(), INPUT, Kernels.best());
    DataOutputStream out = new DataOutputStream(new ByteArrayOutputStream());
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(new byte[8]));
    try (Engine engine = ScratchEngine.forInference(network, 1)) {
      for (ThrowableAssert.ThrowingCallable use :
          List.<ThrowableAssert.ThrowingCallable>of(
              () -> engine.trainBatch(new float[784], new float[10], 1),
              () -> engine.saveState(out),
              () -> engine.loadState(in))) {
        assertThatThrownBy(use)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("not for training");
      }
    }
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() {
    try (Engine engine = scratch(graph(), 0.9, 2)) {
      float[] weights = engine.weights();
      assertThatThrownBy(() -> engine.setWeights(new float[weights.length - 1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("" + (weights.length - 1), "" + weights.length);
      assertThat(engine.weights()).containsExactly(weights);
    }
  }

  @Test
  void changesNothingOnATruncatedState() throws IOException {
    try (Engine trained = scratch(graph(), 0.9, 1);
        Engine engine = scratch(graph(), 0.9, 1)) {
      trained.trainBatch(new float[784], new float[10], 1);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      trained.saveState(new DataOutputStream(bytes));
      byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() - 1);
      float[] before = engine.weights();
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(cut));
      assertThatThrownBy(() -> engine.loadState(in)).isInstanceOf(IOException.class);
      assertThat(engine.weights()).containsExactly(before);
    }
  }

  @Test
  void refusesUseAfterClose() {
    Network network = GraphCompiler.compile(graph(), INPUT, Kernels.best());
    Engine engine = ScratchEngine.forInference(network, 2);
    engine.close();
    assertThatThrownBy(() -> engine.predict(new float[784 * 64], 64))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
