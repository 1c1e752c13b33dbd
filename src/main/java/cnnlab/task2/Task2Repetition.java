package cnnlab.task2;

import cnnlab.config.UsageException;
import cnnlab.data.BalancedOrder;
import cnnlab.data.EpochOrder;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.Mnist;
import cnnlab.data.Seeds;
import cnnlab.data.Split;
import cnnlab.data.Targets;
import cnnlab.engine.Engine;
import cnnlab.engine.Engines;
import cnnlab.engine.Memory;
import cnnlab.engine.MemoryNeed;
import cnnlab.experiment.DigitsEpoch;
import cnnlab.experiment.FinishedTraining;
import cnnlab.experiment.Initialisation;
import cnnlab.experiment.TrainingRun;
import cnnlab.experiment.Variant;
import cnnlab.inference.Evaluation;
import cnnlab.io.Sha256;
import cnnlab.metric.ClassMetrics;
import cnnlab.model.GradientClipping;
import cnnlab.model.MnistCnn;
import cnnlab.model.SmallDigitsCnn;
import cnnlab.model.Updaters;
import cnnlab.scratch.layer.Shape;
import cnnlab.text.Numbers;
import cnnlab.training.DivergedException;
import cnnlab.training.EpochMetrics;
import cnnlab.training.TrainingListener;
import cnnlab.training.TrainingOptions;
import cnnlab.training.TrainingSpan;
import cnnlab.training.WatchedMetric;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** One training on one draw of training images: a pure function of (configuration, repetition). */
final class Task2Repetition {
  /** The shape of an image. */
  static final Shape INPUT = new Shape(1, MnistCnn.HEIGHT, MnistCnn.WIDTH);

  private static final int AHEAD = 32;
  private static final int DRAW_DIGITS = 16;

  private Task2Repetition() {}

  /**
   * One row of {@code runs.csv}.
   *
   * @param variant name of the variant
   * @param repetition 1, 2, ...
   * @param seed the seed from which this repetition's streams are derived; the draw is the same for
   *     all variants
   * @param draw identifies the draw: the first 16 digits of the SHA-256 of the indices of the drawn
   *     images, in order
   * @param classCounts number of drawn images of each digit
   * @param trainLoss mean loss of the last epoch's batches; null, like all scores, when the
   *     training diverged
   * @param validationAccuracy accuracy on the held-out images, in [0, 1]
   * @param testAccuracy accuracy on the test images, in [0, 1]
   * @param testLoss cross-entropy on the test images
   * @param averagedTestAccuracy test accuracy with test-time averaging; null without it
   * @param outcome trained or diverged
   * @param divergence where and how it diverged; null when it did not
   * @param waitingShare share of the training time spent waiting for augmented images, in [0, 1];
   *     null when it diverged
   * @param seconds duration of training and evaluation
   */
  record Row(
      String variant,
      int repetition,
      long seed,
      String draw,
      int[] classCounts,
      Double trainLoss,
      Double validationAccuracy,
      Double testAccuracy,
      Double testLoss,
      Double averagedTestAccuracy,
      String outcome,
      String divergence,
      Double waitingShare,
      double seconds)
      implements FinishedTraining.Row {}

  /**
   * The result of a repetition.
   *
   * @param training its row, with the class probabilities of the test images [N, 10]
   * @param history one row per epoch; only the last was evaluated
   * @param keptEpoch the epoch whose weights the network has; 0 when the training diverged
   * @param graph the trained network; null when the training diverged
   */
  record Outcome(
      FinishedTraining<Row> training,
      List<DigitsEpoch> history,
      int keptEpoch,
      ComputationGraph graph) {}

  /**
   * Draws, trains and evaluates. A diverged training also has an outcome, without scores.
   *
   * @param images MNIST after the configuration's preprocessing
   * @param listener receives the events of the training
   */
  static Outcome run(
      Variant<Task2Config> variant, int repetition, Mnist images, TrainingListener listener)
      throws IOException {
    Task2Config config = variant.config();
    TrainingSpan span = new TrainingSpan(config.epochs(), 1, null, listener);
    long start = System.nanoTime();
    try {
      return train(
          config,
          repetition,
          images.train(),
          span,
          t -> evaluate(variant, repetition, images, t, start));
    } catch (DivergedException e) {
      Row row =
          new Row(
              variant.name(),
              repetition,
              config.seed(repetition),
              draw(split(config, repetition, images.train()).train()),
              classCounts(images.train(), split(config, repetition, images.train()).train()),
              null,
              null,
              null,
              null,
              null,
              FinishedTraining.Row.DIVERGED,
              e.divergence().toString(),
              null,
              seconds(start));
      return new Outcome(new FinishedTraining<>(row, new float[0]), epochs(e.history()), 0, null);
    }
  }

  private static Outcome evaluate(
      Variant<Task2Config> variant,
      int repetition,
      Mnist images,
      TrainingRun.Trained t,
      long start) {
    Task2Config config = variant.config();
    int[] drawn = split(config, repetition, images.train()).train();
    EpochMetrics last = t.fit().kept();
    ImageSubset test = ImageSubset.all(images.test()).first(config.evaluationLimit());
    Evaluation onTest = Evaluation.of(t.engine(), test.set(), test.indices());
    DivergedException.check(onTest.probabilities(), "an output on test images", t.fit().history());
    Row row =
        new Row(
            variant.name(),
            repetition,
            config.seed(repetition),
            draw(drawn),
            classCounts(images.train(), drawn),
            last.batchLoss(),
            last.validationAccuracy(),
            onTest.accuracy(),
            onTest.loss(),
            averaged(t.engine(), test, onTest.probabilities(), config.testTimeShift()),
            FinishedTraining.Row.TRAINED,
            null,
            t.dataWaitFraction(),
            seconds(start));
    Engines.writeBack(t.engine(), t.graph(), INPUT);
    return new Outcome(
        new FinishedTraining<>(row, onTest.probabilities()),
        epochs(t.fit().history()),
        t.fit().keptEpoch(),
        t.graph());
  }

  private static List<DigitsEpoch> epochs(List<EpochMetrics> history) {
    return history.stream().map(DigitsEpoch::of).toList();
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  private static Split split(Task2Config config, int repetition, ImageSet set) {
    return Split.of(
        config.seed(repetition), set.count(), config.validationFraction(), config.trainSize());
  }

  /**
   * Draws and trains in the same way, but evaluates on the held-out images only.
   *
   * @param set MNIST's training images after the configuration's preprocessing
   * @return the last trained epoch
   * @throws DivergedException when the training diverged
   */
  static EpochMetrics validate(Task2Config config, int repetition, ImageSet set, TrainingSpan span)
      throws IOException {
    return train(config, repetition, set, span, t -> t.fit().kept());
  }

  private static <T> T train(
      Task2Config config,
      int repetition,
      ImageSet set,
      TrainingSpan span,
      Function<TrainingRun.Trained, T> use)
      throws IOException {
    long seed = config.seed(repetition);
    long shuffle = TrainingRun.shuffleSeed(seed);
    Split split = split(config, repetition, set);
    TrainingRun run =
        new TrainingRun(
            config,
            repetition,
            new ImageSubset(set, split.train()),
            new ImageSubset(set, split.validation()).first(config.evaluationLimit()),
            Targets.oneHot(set),
            config.balanced()
                ? new BalancedOrder(split.train(), set.labels(), shuffle)
                : EpochOrder.shuffled(split.train(), shuffle),
            AHEAD);
    TrainingOptions options =
        new TrainingOptions(span.epochs(), span.epochs(), WatchedMetric.NONE, 0, span.checkpoint());
    return run.run(graph(config, seed), options, span, use);
  }

  /**
   * Creates the network with its initial weights.
   *
   * @throws UsageException when {@code init} names a model that does not fit
   */
  static ComputationGraph graph(Task2Config config, long seed) {
    requireMemory(config, 1);
    var o = config.optimizer();
    ComputationGraph graph =
        SmallDigitsCnn.create(
            Seeds.derive(seed, "initialisation"),
            shape(config),
            Updaters.keras(
                o.learningRate(),
                o.cosine(),
                o.warmupSteps(config.steps(config.trainSize())),
                config.steps(config.trainSize())),
            o.weightDecay());
    GradientClipping.apply(graph, o.clipNorm());
    Initialisation.apply(config.init(), graph, INPUT);
    return graph;
  }

  private static SmallDigitsCnn.Shape shape(Task2Config config) {
    var n = config.network();
    return new SmallDigitsCnn.Shape(
        n.filters(), n.batchNorm(), n.poolLast(), n.globalPooling(), n.dense(), n.dropout());
  }

  /**
   * Requires that trainings fit into memory.
   *
   * @param workers trainings at once
   * @throws UsageException when they do not
   */
  static void requireMemory(Task2Config config, int workers) {
    Memory.require(
        "task2: training this network on batches of %s images, %s at once,"
            .formatted(Numbers.count(config.batchSize()), workers),
        MemoryNeed.training(
            SmallDigitsCnn.size(shape(config)),
            config.engine(),
            config.batchSize(),
            config.averageDecay() > 0,
            workers),
        "make network, batchSize or threads smaller");
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
  private static Double averaged(Engine engine, ImageSubset test, float[] unshifted, int shift) {
    if (shift == 0) {
      return null;
    }
    float[] sum = unshifted.clone();
    for (int[] by : new int[][] {{-shift, 0}, {shift, 0}, {0, -shift}, {0, shift}}) {
      ImageSet shifted = shifted(test.set(), by[0], by[1]);
      float[] p = Evaluation.of(engine, shifted, test.indices()).probabilities();
      for (int i = 0; i < p.length; i++) {
        sum[i] += p[i];
      }
    }
    return ClassMetrics.accuracy(sum, test.labels(), test.set().classes());
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
