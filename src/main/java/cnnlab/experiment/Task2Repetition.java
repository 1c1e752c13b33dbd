package cnnlab.experiment;

import cnnlab.augment.Augmentation;
import cnnlab.augment.AugmentedBatches;
import cnnlab.data.BalancedOrder;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.data.Seeds;
import cnnlab.data.Sha256;
import cnnlab.data.Split;
import cnnlab.engine.Engine;
import cnnlab.engine.Engines;
import cnnlab.engine.EpochMetrics;
import cnnlab.engine.Evaluation;
import cnnlab.engine.MemoryNeed;
import cnnlab.engine.Trainer;
import cnnlab.model.MnistCnn;
import cnnlab.model.SmallDigitsCnn;
import cnnlab.model.Updaters;
import cnnlab.scratch.Loss;
import cnnlab.scratch.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** One training on one draw of images: a pure function of (configuration, repetition). */
final class Task2Repetition {
  private static final Shape INPUT = new Shape(1, MnistCnn.HEIGHT, MnistCnn.WIDTH);
  private static final int AHEAD = 32;
  private static final int DRAW_DIGITS = 16;

  private Task2Repetition() {}

  /**
   * One row of {@code runs.csv}.
   *
   * @param variant name of the variant
   * @param repetition 1, 2, ...
   * @param seed from which this repetition's streams are derived; its draw is the same for all
   *     variants
   * @param draw the first 16 digits of the SHA-256 of the drawn images' indices in order: the same
   *     draw has the same digits
   * @param classCounts how many images of each digit were drawn
   * @param trainLoss mean loss of the last epoch's batches
   * @param validationAccuracy on the held-out images, in [0, 1]
   * @param testAccuracy on the test images, in [0, 1]
   * @param testLoss cross-entropy on the test images
   * @param averagedTestAccuracy with test-time averaging; null without
   * @param waitingShare share of the training time spent waiting for augmented images
   * @param seconds of the training and the evaluation
   */
  record Row(
      String variant,
      int repetition,
      long seed,
      String draw,
      int[] classCounts,
      double trainLoss,
      double validationAccuracy,
      double testAccuracy,
      double testLoss,
      Double averagedTestAccuracy,
      double waitingShare,
      double seconds)
      implements Training.Row {}

  /**
   * What a repetition leaves.
   *
   * @param training its row, with the class probabilities of the test images [N, 10]
   * @param history one row per epoch; only the last was evaluated
   * @param graph the trained network
   */
  record Outcome(Training<Row> training, List<DigitsEpoch> history, ComputationGraph graph) {}

  /** A training that is done, while its engine is open. */
  private record Trained(
      long seed,
      Split split,
      ComputationGraph graph,
      Engine engine,
      List<EpochMetrics> history,
      double waitingShare) {}

  /** What is made of it. */
  @FunctionalInterface
  private interface Use<T> {
    T of(Trained trained);
  }

  /**
   * Draws, trains, evaluates.
   *
   * @param images MNIST after the configuration's preprocessing
   * @param listener is told how the training goes on
   */
  static Outcome run(
      Variant<Task2Config> variant, int repetition, Mnist images, Trainer.Listener listener)
      throws IOException {
    Task2Config config = variant.config();
    long start = System.nanoTime();
    return train(
        config,
        repetition,
        images.train(),
        new Extent(config.epochs(), null, listener),
        t -> {
          EpochMetrics last = t.history.get(t.history.size() - 1);
          ImageSet test = images.test();
          int[] all = first(IntStream.range(0, test.count()).toArray(), config.evaluationLimit());
          Evaluation onTest = Evaluation.of(t.engine, test, all);
          Row row =
              new Row(
                  variant.name(),
                  repetition,
                  t.seed,
                  draw(t.split.train()),
                  classCounts(images.train(), t.split.train()),
                  last.batchLoss(),
                  last.validationAccuracy(),
                  onTest.accuracy(),
                  onTest.loss(),
                  averaged(t.engine, test, all, onTest.probabilities(), config.testTimeShift()),
                  t.waitingShare,
                  (System.nanoTime() - start) * 1e-9);
          Engines.writeBack(t.engine, t.graph, INPUT);
          return new Outcome(
              new Training<>(row, onTest.probabilities()),
              t.history.stream().map(DigitsEpoch::of).toList(),
              t.graph);
        });
  }

  /**
   * Draws and trains the same, and looks at the held-out images alone.
   *
   * @param set MNIST's training images after the configuration's preprocessing
   * @return the last epoch that was trained
   */
  static EpochMetrics validate(Task2Config config, int repetition, ImageSet set, Extent extent)
      throws IOException {
    return train(config, repetition, set, extent, t -> t.history.get(t.history.size() - 1));
  }

  private static <T> T train(
      Task2Config config, int repetition, ImageSet set, Extent extent, Use<T> use)
      throws IOException {
    long seed = Seeds.derive(config.seed(), "repetition-" + repetition);
    Split split = Split.of(seed, set.count(), config.validationFraction(), config.trainSize());
    ComputationGraph graph = graph(config, seed);
    long shuffle = Seeds.derive(seed, "shuffle");
    IntFunction<int[]> order =
        config.balanced()
            ? new BalancedOrder(split.train(), set.labels(), shuffle)::indices
            : epoch -> Trainer.order(split.train(), shuffle, epoch);
    Trainer.Options training =
        new Trainer.Options(
                extent.epochs(),
                config.batchSize(),
                shuffle,
                config.labelSmoothing(),
                extent.epochs(),
                Trainer.Metric.NONE,
                0,
                extent.checkpoint())
            .withMixUp(config.mixUp());
    Engines.Training learning =
        new Engines.Training(
            config.batchSize(), config.averageDecay(), Seeds.derive(seed, "dropout"));
    AugmentedBatches.Options ahead =
        new AugmentedBatches.Options(
                extent.epochs(), config.batchSize(), Seeds.derive(seed, "augmentation"), 1, AHEAD)
            .after(Trainer.epochsDone(extent.checkpoint()));
    try (Engine engine = Engines.training(config.engine(), graph, INPUT, learning, 1);
        AugmentedBatches batches =
            new AugmentedBatches(
                set, Augmentation.of(config.augmentation()), order::apply, ahead)) {
      List<EpochMetrics> history =
          new Trainer(engine, set, (epoch, from, to) -> batches.next(), training, extent.listener())
              .fit(split.train(), order, first(split.validation(), config.evaluationLimit()));
      return use.of(new Trained(seed, split, graph, engine, history, batches.waitingShare()));
    }
  }

  /**
   * The network that training begins with.
   *
   * @throws UsageException when {@code init} names a model that does not fit
   */
  static ComputationGraph graph(Task2Config config, long seed) {
    requireMemory(config, 1);
    var o = config.optimizer();
    // ND4J draws initial weights from one global stream.
    synchronized (Task2Repetition.class) {
      ComputationGraph graph =
          SmallDigitsCnn.create(
              Seeds.derive(seed, "initialisation"),
              shape(config),
              Updaters.keras(
                  o.learningRate(), o.cosine(), o.warmupSteps(config.steps()), config.steps()),
              o.weightDecay());
      Initialisation.apply(config.init(), graph, INPUT);
      return graph;
    }
  }

  private static SmallDigitsCnn.Shape shape(Task2Config config) {
    var n = config.network();
    return new SmallDigitsCnn.Shape(
        n.filters(), n.batchNorm(), n.poolLast(), n.globalPooling(), n.dense(), n.dropout());
  }

  /**
   * Whether trainings fit the memory.
   *
   * @param workers trainings at once
   * @throws UsageException when they do not
   */
  static void requireMemory(Task2Config config, int workers) {
    Memory.require(
        "task2: training this network on batches of %,d images, %d at once,"
            .formatted(config.batchSize(), workers),
        MemoryNeed.training(
            SmallDigitsCnn.size(shape(config)),
            config.engine(),
            config.batchSize(),
            config.averageDecay() > 0,
            workers),
        "make network or batchSize smaller, or threads fewer");
  }

  private static int[] first(int[] indices, int limit) {
    return limit == 0 ? indices : Arrays.copyOf(indices, Math.min(limit, indices.length));
  }

  private static String draw(int[] indices) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * indices.length);
    bytes.asIntBuffer().put(indices);
    return Sha256.hex(bytes.array()).substring(0, DRAW_DIGITS);
  }

  private static int[] classCounts(ImageSet set, int[] indices) {
    int[] counts = new int[set.classes()];
    for (int i : indices) {
      counts[set.labels()[i]]++;
    }
    return counts;
  }

  /** Accuracy of the mean of the probabilities over five shifts. */
  private static Double averaged(
      Engine engine, ImageSet test, int[] indices, float[] unshifted, int shift) {
    if (shift == 0) {
      return null;
    }
    int[] labels = Arrays.stream(indices).map(i -> test.labels()[i]).toArray();
    float[] sum = unshifted.clone();
    for (int[] by : new int[][] {{-shift, 0}, {shift, 0}, {0, -shift}, {0, shift}}) {
      float[] p = Evaluation.of(engine, shifted(test, by[0], by[1]), indices).probabilities();
      for (int i = 0; i < p.length; i++) {
        sum[i] += p[i];
      }
    }
    return Loss.accuracy(sum, labels, test.classes());
  }

  private static ImageSet shifted(ImageSet set, int dy, int dx) {
    byte[] pixels = new byte[set.pixels().length];
    int h = set.height();
    int w = set.width();
    for (int n = 0; n < set.count(); n++) {
      for (int i = Math.max(0, dy); i < Math.min(h, h + dy); i++) {
        for (int j = Math.max(0, dx); j < Math.min(w, w + dx); j++) {
          pixels[(n * h + i) * w + j] = set.pixels()[(n * h + i - dy) * w + j - dx];
        }
      }
    }
    return new ImageSet(set.name(), 1, h, w, set.classes(), pixels, set.labels());
  }
}
