package cnnlab.task2;

import cnnlab.augment.Augmentation;
import cnnlab.augment.Preprocessing;
import cnnlab.config.Checks;
import cnnlab.config.ConfigException;
import cnnlab.data.Mnist;
import cnnlab.engine.EngineKind;
import cnnlab.experiment.Claim;
import cnnlab.experiment.Dl4jConfig;
import cnnlab.experiment.OptimizerConfig;
import cnnlab.experiment.TrainingConfig;
import cnnlab.experiment.Variant;
import cnnlab.model.MnistCnn;
import java.util.List;
import java.util.Map;

/**
 * The configuration of Task 2; {@code experiments/task2-report.yaml} explains each key.
 *
 * @param experiment the folder under {@code results/}
 * @param seed the seed from which all random streams are derived
 * @param engine the engine that trains
 * @param init a model file (Keras, ONNX or DL4J) that gives the initial weights of each training,
 *     or empty for random ones
 * @param repetitions number of repetitions, each with another draw of training images, at least 1
 * @param trainSize number of training images that each repetition draws
 * @param validationFraction share of the 60,000 images held out for validation, in (0, 1), at least
 *     one image
 * @param epochs passes over the training images, at least 1
 * @param batchSize images per step, at least 1
 * @param balanced whether all classes occur equally often in each epoch, regardless of the draw
 * @param network the network's architecture
 * @param optimizer Adam and its schedule
 * @param labelSmoothing in [0, 1)
 * @param mixUp α of mix-up, at least 0; 0 for none
 * @param averageDecay decay of averaged weights, in [0, 1); 0 for none
 * @param preprocessing fixed transforms of all images
 * @param augmentation random transforms of training images
 * @param testTimeShift if s &gt; 0, each test image is also classified shifted by s pixels up,
 *     down, left and right, and the five results are averaged; reported separately
 * @param evaluationLimit upper limit on the validation and on the test images, 0 for all
 * @param keepWeightsEvery epochs from one to the next whose weights are kept, of the median run of
 *     the first variant, 0 for none
 * @param threads trainings at once, 0 for one per core; always one if DL4J trains
 * @param dl4j settings of DL4J
 * @param variants the variants, each with {@code name} and {@code set}, the keys that differ from
 *     the rest of the file; empty for a single variant
 * @param claims the claims, each with {@code claim}, {@code better} and {@code worse}; the latter
 *     two are names of variants whose accuracies are compared in pairs
 */
public record Task2Config(
    String experiment,
    long seed,
    EngineKind engine,
    String init,
    int repetitions,
    int trainSize,
    double validationFraction,
    int epochs,
    int batchSize,
    boolean balanced,
    Network network,
    OptimizerConfig optimizer,
    double labelSmoothing,
    double mixUp,
    double averageDecay,
    List<Object> preprocessing,
    List<Object> augmentation,
    int testTimeShift,
    int evaluationLimit,
    int keepWeightsEvery,
    int threads,
    Dl4jConfig dl4j,
    List<Map<String, Object>> variants,
    List<Map<String, Object>> claims)
    implements TrainingConfig {

  /**
   * The architecture of the network; see {@link cnnlab.model.SmallDigitsCnn}.
   *
   * @param blocks filters of the convolutions of each block
   * @param batchNorm whether convolutions are followed by batch normalisation
   * @param poolLast whether max pooling also follows the last block
   * @param globalPooling whether features are averaged over the image instead of flattened
   * @param dense units of the dense layer, 0 for none
   * @param dropout the probability to drop a value before the last layer, in [0, 1)
   */
  public record Network(
      List<Object> blocks,
      boolean batchNorm,
      boolean poolLast,
      boolean globalPooling,
      int dense,
      double dropout) {
    /** Upper limit for a block; with more, setting up the layers takes too long. */
    private static final int MOST_CONVOLUTIONS = 100;

    public Network {
      Checks.require(
          !blocks.isEmpty() && blocks.size() <= 4,
          "blocks",
          blocks,
          "one to four lists of filters");
      Checks.atLeast("dense", dense, 0);
      Checks.inUnitInterval("dropout", dropout);
    }

    /** The blocks as numbers. */
    List<List<Integer>> filters() {
      return blocks.stream().map(Network::block).toList();
    }

    private static List<Integer> block(Object block) {
      Checks.require(
          block instanceof List<?> list
              && !list.isEmpty()
              && list.size() <= MOST_CONVOLUTIONS
              && list.stream().allMatch(f -> f instanceof Integer i && i > 0),
          "blocks",
          block,
          "a list of lists of numbers of filters, such as [[16], [32]], at most %d in each"
              .formatted(MOST_CONVOLUTIONS));
      return ((List<?>) block).stream().map(Integer.class::cast).toList();
    }
  }

  /** The methods of the report. */
  public static final Task2Config DEFAULT =
      new Task2Config(
          "task2-report",
          1,
          EngineKind.SCRATCH,
          "",
          5,
          128,
          0.1,
          200,
          32,
          false,
          new Network(List.of(List.of(16), List.of(32), List.of(64)), true, false, false, 64, 0.5),
          new OptimizerConfig(1e-3, false, 0, 0, 0),
          0,
          0,
          0,
          List.of(),
          List.of(
              Map.of("rotate", Map.of("degrees", 18)),
              Map.of("translate", Map.of("fraction", 0.1)),
              Map.of("zoom", Map.of("factor", 0.1))),
          0,
          0,
          0,
          0,
          new Dl4jConfig(true),
          List.of(),
          List.of());

  /** The keys that {@code --quick} sets. */
  public static final List<String> QUICK =
      List.of("repetitions=2", "epochs=20", "evaluationLimit=1000");

  /**
   * @throws IllegalArgumentException when a number is out of range
   */
  public Task2Config {
    Checks.folderName("experiment", experiment);
    Checks.repetitions("repetitions", repetitions, 1);
    // Rounded as in the split; 0 for NaN.
    long held = Math.round(Mnist.TRAIN_IMAGES * validationFraction);
    Checks.require(
        held > 0 && held < Mnist.TRAIN_IMAGES,
        "validationFraction",
        validationFraction,
        "greater than 0 and less than 1, with at least one image of 60,000 on each side");
    long most = Mnist.TRAIN_IMAGES - held;
    Checks.require(trainSize >= 1 && trainSize <= most, "trainSize", trainSize, "1 to " + most);
    TrainingConfig.check(epochs, batchSize, labelSmoothing, mixUp, averageDecay);
    Checks.require(
        testTimeShift >= 0 && testTimeShift < MnistCnn.WIDTH,
        "testTimeShift",
        testTimeShift,
        "from 0 to 27: digits are 28 pixels wide");
    Checks.atLeast("evaluationLimit", evaluationLimit, 0);
    Checks.atLeast("keepWeightsEvery", keepWeightsEvery, 0);
    Checks.threads("threads", threads);
    network.filters();
    Preprocessing.of(preprocessing);
    Augmentation.of(augmentation);
  }

  /** The number of images that each repetition draws from. */
  int notHeldOut() {
    return Mnist.TRAIN_IMAGES - (int) Math.round(Mnist.TRAIN_IMAGES * validationFraction);
  }

  /**
   * The variants; without any, the configuration itself is the only one.
   *
   * @throws ConfigException when a variant is malformed or sets a reserved key, or a claim names an
   *     unknown variant
   */
  public List<Variant<Task2Config>> allVariants() {
    List<Variant<Task2Config>> all = Variant.of(this, experiment, variants);
    Claim.check(claims, Variant.names(all));
    return all;
  }

  /** Trainings at once, each on one thread. */
  int workers(List<Variant<Task2Config>> all) {
    return TrainingConfig.workers(all, threads, repetitions);
  }
}
