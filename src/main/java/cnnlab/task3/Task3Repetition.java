package cnnlab.task3;

import cnnlab.config.UsageException;
import cnnlab.data.EpochOrder;
import cnnlab.data.ImageSubset;
import cnnlab.data.Seeds;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.SyntheticPatches;
import cnnlab.engine.Engine;
import cnnlab.engine.Engines;
import cnnlab.engine.Memory;
import cnnlab.engine.MemoryNeed;
import cnnlab.experiment.FinishedTraining;
import cnnlab.experiment.Initialisation;
import cnnlab.experiment.TrainingRun;
import cnnlab.experiment.Variant;
import cnnlab.inference.AdaptiveBatchNorm;
import cnnlab.inference.Evaluation;
import cnnlab.inference.TestTimeSymmetries;
import cnnlab.model.GradientClipping;
import cnnlab.model.GraphSize;
import cnnlab.model.LymphNodeCnn;
import cnnlab.model.LymphNodeResNet;
import cnnlab.model.Updaters;
import cnnlab.scratch.layer.Shape;
import cnnlab.text.Numbers;
import cnnlab.training.DivergedException;
import cnnlab.training.EpochMetrics;
import cnnlab.training.Trainer;
import cnnlab.training.TrainingOptions;
import cnnlab.training.TrainingSpan;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * One training: a pure function of (configuration, repetition). Neither the number of threads nor
 * an interruption changes what it computes.
 */
final class Task3Repetition {
  /** The shape of a patch. */
  static final Shape INPUT =
      new Shape(LymphNodeCnn.CHANNELS, LymphNodeCnn.HEIGHT, LymphNodeCnn.WIDTH);

  private static final int AHEAD = 8;

  private Task3Repetition() {}

  /**
   * A finished training.
   *
   * @param training its row and the probabilities of the N evaluated validation patches [N, 2],
   *     followed by those averaged over the eight symmetries [N, 2] if requested
   * @param history one entry per epoch
   * @param graph the network with the trained weights; null when the training diverged
   */
  record Outcome(
      FinishedTraining<Task3Row> training, List<Task3Epoch> history, ComputationGraph graph) {}

  /**
   * Trains and evaluates. A diverged training also has an outcome, without scores.
   *
   * @param fold the patches with the variant's preprocessing
   */
  static Outcome run(
      Variant<Task3Config> variant, int repetition, Task3Data.Fold fold, TrainingSpan span)
      throws IOException {
    Task3Config config = variant.config();
    long start = System.nanoTime();
    try {
      Task3Teachers.Lesson lesson = Task3Teachers.lesson(config, repetition, fold, span);
      return train(
          config,
          repetition,
          fold,
          lesson,
          span,
          t -> evaluate(variant, repetition, fold, span.threads(), lesson.seconds(), t));
    } catch (DivergedException e) {
      double before = e.history().stream().mapToDouble(EpochMetrics::seconds).sum();
      Task3Row row =
          Task3Row.diverged(
              mark(config),
              variant.name(),
              repetition,
              config.seed(repetition),
              config.leftOut(repetition),
              (int) graph(config, config.seed(repetition), 1).numParams(),
              e.history().size(),
              e.divergence().toString(),
              Math.max(before, (System.nanoTime() - start) * 1e-9));
      return new Outcome(
          new FinishedTraining<>(row, new float[0]), epochs(config, e.history()), null);
    }
  }

  private static Outcome evaluate(
      Variant<Task3Config> variant,
      int repetition,
      Task3Data.Fold fold,
      int threads,
      double teachers,
      TrainingRun.Trained t) {
    Task3Config config = variant.config();
    List<EpochMetrics> history = t.fit().history();
    long start = System.nanoTime();
    Predictions predictions =
        new Predictions(
            of(t.engine(), fold.validation()).probabilities(),
            config.testTimeSymmetries()
                ? TestTimeSymmetries.mean(
                    t.engine(), fold.validation().set(), fold.validation().indices())
                : new float[0],
            fold.validation().labels());
    DivergedException.check(predictions.both(), "an output on validation patches", history);
    Evaluation onTest = fold.test().map(test -> of(t.engine(), test)).orElse(null);
    if (onTest != null) {
      DivergedException.check(onTest.probabilities(), "an output on test patches", history);
    }
    Engines.writeBack(t.engine(), t.graph(), INPUT);
    Evaluation adapted =
        config.testTimeNormalisation()
            ? adapted(config, repetition, t.graph(), fold.validation(), threads)
            : null;
    if (adapted != null) {
      DivergedException.check(
          adapted.probabilities(), "an output with adapted normalisation", history);
    }
    Rest rest =
        new Rest(
            (int) t.graph().numParams(),
            adapted,
            onTest,
            t.dataWaitFraction(),
            teachers + (System.nanoTime() - start) * 1e-9);
    Task3Row row = row(variant, repetition, t.fit(), predictions, rest);
    return new Outcome(
        new FinishedTraining<>(row, predictions.both()), epochs(config, history), t.graph());
  }

  private static List<Task3Epoch> epochs(Task3Config config, List<EpochMetrics> history) {
    return history.stream().map(m -> Task3Epoch.of(mark(config), m)).toList();
  }

  /**
   * Trains in the same way, but evaluates on the validation patches only.
   *
   * @param fold the patches with the configuration's preprocessing
   * @return the defined scores of {@link Task3Scores}, by name
   * @throws DivergedException when the training diverged
   */
  static Map<String, Double> validate(
      Task3Config config, int repetition, Task3Data.Fold fold, TrainingSpan span)
      throws IOException {
    return train(
        config,
        repetition,
        fold,
        Task3Teachers.lesson(config, repetition, fold, span),
        span,
        t -> {
          float[] p = of(t.engine(), fold.validation()).probabilities();
          DivergedException.check(p, "an output on validation patches", t.fit().history());
          return Task3Scores.all(p, fold.validation().labels());
        });
  }

  /** Trains one network on a lesson. */
  static <T> T train(
      Task3Config config,
      int repetition,
      Task3Data.Fold fold,
      Task3Teachers.Lesson lesson,
      TrainingSpan span,
      Function<TrainingRun.Trained, T> use)
      throws IOException {
    long seed = config.seed(repetition);
    TrainingRun run =
        new TrainingRun(
            config,
            repetition,
            lesson.labelled(),
            fold.validation(),
            lesson.targets(),
            EpochOrder.shuffled(lesson.indices(), TrainingRun.shuffleSeed(seed)),
            AHEAD);
    TrainingOptions options =
        new TrainingOptions(
            span.epochs(),
            1,
            config.earlyStopping().watch(),
            config.earlyStopping().patience(),
            span.checkpoint());
    return run.run(graph(config, seed, config.steps(lesson.indices().length)), options, span, use);
  }

  /** The name of the data in rows. */
  static String mark(Task3Config config) {
    return config.synthetic() ? SyntheticPatches.MARK : PatchCamelyon.NAME;
  }

  /**
   * Creates the network with its initial weights.
   *
   * @param steps total number of optimiser steps
   * @throws UsageException when {@code init} names a model that does not fit
   */
  static ComputationGraph graph(Task3Config config, long seed, int steps) {
    requireMemory(config, 1);
    var o = config.optimizer();
    var n = config.network();
    var updater = Updaters.keras(o.learningRate(), o.cosine(), o.warmupSteps(steps), steps);
    long initialisation = Seeds.derive(seed, "initialisation");
    ComputationGraph graph =
        switch (n.kind()) {
          case REPORT -> LymphNodeCnn.create(initialisation, updater, n.dropout());
          case RESIDUAL, EQUIVARIANT ->
              LymphNodeResNet.create(initialisation, shape(n), updater, o.weightDecay());
        };
    GradientClipping.apply(graph, o.clipNorm());
    Initialisation.apply(config.init(), graph, INPUT);
    return graph;
  }

  private static LymphNodeResNet.Shape shape(Task3Config.Network n) {
    return new LymphNodeResNet.Shape(
        n.widths(),
        n.blocks(),
        n.pooledStem(),
        n.dropout(),
        n.kind() == Task3Config.NetworkKind.EQUIVARIANT);
  }

  /**
   * Requires that trainings fit into memory.
   *
   * @param workers trainings at once
   * @throws UsageException when they do not
   */
  static void requireMemory(Task3Config config, int workers) {
    var n = config.network();
    GraphSize size =
        n.kind() == Task3Config.NetworkKind.REPORT
            ? LymphNodeCnn.size()
            : LymphNodeResNet.size(shape(n));
    Memory.require(
        "task3: training this network on batches of %s patches, %s at once,"
            .formatted(Numbers.count(config.batchSize()), workers),
        MemoryNeed.training(
            size, config.engine(), config.batchSize(), config.averageDecay() > 0, workers),
        "make network, batchSize or threads smaller");
  }

  private static Evaluation adapted(
      Task3Config config,
      int repetition,
      ComputationGraph graph,
      ImageSubset validation,
      int threads) {
    try (Engine engine =
        AdaptiveBatchNorm.engine(
            config.engine(),
            graph,
            INPUT,
            validation.set(),
            validation.indices(),
            config.batchSize(),
            Seeds.derive(config.seed(repetition), "adaptation"),
            threads)) {
      return of(engine, validation);
    }
  }

  private static Evaluation of(Engine engine, ImageSubset images) {
    return Evaluation.of(engine, images.set(), images.indices());
  }

  private static Task3Row row(
      Variant<Task3Config> variant, int repetition, Trainer.Fit fit, Predictions p, Rest rest) {
    Task3Config config = variant.config();
    List<EpochMetrics> history = fit.history();
    boolean symmetries = p.averaged.length > 0;
    return new Task3Row(
        mark(config),
        variant.name(),
        repetition,
        config.seed(repetition),
        config.leftOut(repetition),
        rest.parameters,
        history.size(),
        fit.keptEpoch(),
        fit.kept().trainAccuracy(),
        p.score("loss"),
        p.score("accuracy"),
        p.score("auc"),
        p.score("precision"),
        p.score("recall"),
        p.score("f1"),
        p.score("brier"),
        p.score("ece"),
        symmetries ? Task3Scores.of("accuracy", p.averaged, p.labels) : null,
        symmetries ? Task3Scores.of("auc", p.averaged, p.labels) : null,
        rest.adapted == null ? null : rest.adapted.accuracy(),
        rest.adapted == null ? null : rest.adapted.auc(),
        rest.onTest == null ? null : rest.onTest.accuracy(),
        rest.onTest == null ? null : rest.onTest.auc(),
        FinishedTraining.Row.TRAINED,
        null,
        history.stream().mapToDouble(EpochMetrics::imagesPerSecond).average().orElseThrow(),
        rest.dataWaitFraction,
        rest.seconds + history.stream().mapToDouble(EpochMetrics::seconds).sum());
  }

  /** Probabilities of the N evaluated patches: single [N, 2]; averaged [N, 2] or empty. */
  private record Predictions(float[] single, float[] averaged, int[] labels) {
    Double score(String name) {
      return Task3Scores.of(name, single, labels);
    }

    float[] both() {
      float[] both = Arrays.copyOf(single, single.length + averaged.length);
      System.arraycopy(averaged, 0, both, single.length, averaged.length);
      return both;
    }
  }

  /** The other contents of a row; the seconds are those of the teachers and after training. */
  private record Rest(
      int parameters,
      Evaluation adapted,
      Evaluation onTest,
      double dataWaitFraction,
      double seconds) {}
}
