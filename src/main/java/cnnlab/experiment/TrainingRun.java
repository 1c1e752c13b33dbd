package cnnlab.experiment;

import cnnlab.augment.Augmentation;
import cnnlab.augment.AugmentedBatches;
import cnnlab.data.BatchSource;
import cnnlab.data.EpochOrder;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.Seeds;
import cnnlab.engine.Engine;
import cnnlab.engine.Engines;
import cnnlab.scratch.layer.Shape;
import cnnlab.training.LabelSmoothing;
import cnnlab.training.MixUp;
import cnnlab.training.Trainer;
import cnnlab.training.TrainingOptions;
import cnnlab.training.TrainingSpan;
import java.io.IOException;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * One training of Task 2 or 3: augmented images, prepared by a thread of its own, go through label
 * smoothing and mix-up into the engine. All its random streams are derived from the seed of the
 * repetition.
 *
 * @param config how to train
 * @param repetition 1, 2, ...
 * @param train the training images
 * @param validation the validation images that are evaluated
 * @param order of the training images in each epoch
 * @param ahead how many batches at most are prepared ahead
 */
public record TrainingRun(
    TrainingConfig config,
    int repetition,
    ImageSubset train,
    ImageSubset validation,
    EpochOrder order,
    int ahead) {

  /**
   * A training that is done, while its engine is open.
   *
   * @param dataWaitFraction see {@link AugmentedBatches#dataWaitFraction}
   */
  public record Trained(
      ComputationGraph graph, Engine engine, Trainer.Fit fit, double dataWaitFraction) {}

  /**
   * The seed of the order of images.
   *
   * @param seed of the repetition
   */
  public static long shuffleSeed(long seed) {
    return Seeds.derive(seed, "shuffle");
  }

  /**
   * Trains a graph.
   *
   * @param options with the epochs and the checkpoint of the span
   * @return what {@code use} makes of it
   * @throws cnnlab.training.DivergedException when it diverged
   * @throws IOException when the checkpoint cannot be read or written
   */
  public <T> T run(
      ComputationGraph graph, TrainingOptions options, TrainingSpan span, Function<Trained, T> use)
      throws IOException {
    ImageSet set = train.set();
    Shape input = new Shape(set.channels(), set.height(), set.width());
    long seed = config.seed(repetition);
    Engines.Training learning =
        new Engines.Training(
            config.batchSize(), config.averageDecay(), Seeds.derive(seed, "dropout"));
    try (Engine engine =
        Engines.training(config.engine(), graph, input, learning, span.threads())) {
      Trainer trainer = Trainer.start(engine, options);
      AugmentedBatches.Options prepared =
          new AugmentedBatches.Options(
              options.epochs(),
              config.batchSize(),
              Seeds.derive(seed, "augmentation"),
              1,
              ahead,
              trainer.epochsDone());
      try (AugmentedBatches images =
          new AugmentedBatches(set, Augmentation.of(config.augmentation()), order, prepared)) {
        BatchSource batches =
            MixUp.of(
                LabelSmoothing.of(images, config.labelSmoothing()),
                config.mixUp(),
                shuffleSeed(seed));
        Trainer.Fit fit = trainer.fit(batches, train, validation, span.listener());
        return use.apply(new Trained(graph, engine, fit, images.dataWaitFraction()));
      }
    }
  }
}
