package cnnlab.explorer;

import cnnlab.augment.Augmentation;
import cnnlab.config.Checks;
import cnnlab.engine.EngineKind;
import cnnlab.model.TrainableGraphs.Kind;
import cnnlab.model.TrainableGraphs.Optimiser;
import java.util.List;
import java.util.Objects;

/**
 * What to train.
 *
 * @param network the network
 * @param images number of training images; 0 for all
 * @param engine the engine that trains
 * @param optimiser the optimiser
 * @param learningRate constant
 * @param batchSize images per step
 * @param augmentation random transforms of training images, as in a configuration
 * @param seed of all random streams
 */
public record LiveSettings(
    Kind network,
    int images,
    EngineKind engine,
    Optimiser optimiser,
    double learningRate,
    int batchSize,
    List<Object> augmentation,
    long seed) {
  private static final int MOST_BATCH = 4096;
  private static final double MOST_RATE = 10;
  private static final int MOST_TRANSFORMS = 100;

  /**
   * @throws IllegalArgumentException when a number is out of range, or a transform is not known
   */
  public LiveSettings {
    Checks.require(
        augmentation.stream().allMatch(Objects::nonNull),
        "augmentation",
        augmentation,
        "a list of transforms");
    augmentation = List.copyOf(augmentation);
    Checks.atLeast("images", images, 0);
    Checks.require(batchSize >= 1 && batchSize <= MOST_BATCH, "batchSize", batchSize, "1 to 4,096");
    Checks.require(
        learningRate > 0 && learningRate <= MOST_RATE,
        "learningRate",
        learningRate,
        "greater than 0, at most 10");
    Checks.require(
        augmentation.size() <= MOST_TRANSFORMS,
        "augmentation",
        augmentation.size() + " transforms",
        "at most 100");
    Augmentation.of(augmentation);
  }
}
