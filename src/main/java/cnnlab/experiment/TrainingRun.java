package cnnlab.experiment;

import cnnlab.augment.Augmentation;
import cnnlab.augment.AugmentedBatches;
import cnnlab.data.BatchSource;
import cnnlab.data.EpochOrder;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.Seeds;
import cnnlab.data.Targets;
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
 * One training of Task 2 or 3: images are augmented on a separate thread, pass through label
 * smoothing and mix-up, and go into the engine. All random streams are derived from the seed of the
 * repetition.
 *
 * @param config the training settings
 * @param repetition 1, 2, ...
 * @param train the training images, or the labelled ones among them
 * @param validation the validation images to evaluate
 * @param targets the targets of the images
 * @param order the order of the training images in each epoch, as many in each
 * @param ahead upper limit on the batches prepared ahead
 */
public record TrainingRun(
    TrainingConfig config,
    int repetition,
    ImageSubset train,
    ImageSubset validation,
    Targets targets,
    EpochOrder order,
    int ahead) {

  /**
   * A finished training whose engine is still open.
   *
   * @param dataWaitFraction see {@link AugmentedBatches#dataWaitFraction}
   */
  public record Trained(
      ComputationGraph graph, Engine engine, Trainer.Fit fit, double dataWaitFraction) {}

  /**
   * The seed of the order of images.
   *
   * @param seed the repetition's seed
   */
  public static long shuffleSeed(long seed) {
    return Seeds.derive(seed, "shuffle");
  }

  /**
   * Trains a graph.
   *
   * @param options must have the epochs and the checkpoint of the span
   * @param use receives the finished training
   * @return the result of {@code use}
   * @throws cnnlab.training.DivergedException when the training diverged
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
          new AugmentedBatches(
              set, targets, Augmentation.of(config.augmentation()), order, prepared)) {
        BatchSource batches =
            MixUp.of(
                LabelSmoothing.of(images, config.labelSmoothing()),
                config.mixUp(),
                shuffleSeed(seed));
        int perEpoch = order.indices(1).length;
        Trainer.Fit fit = trainer.fit(batches, perEpoch, train, validation, span.listener());
        return use.apply(new Trained(graph, engine, fit, images.dataWaitFraction()));
      }
    }
  }
}
