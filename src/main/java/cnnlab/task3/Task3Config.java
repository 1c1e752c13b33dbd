package cnnlab.task3;

import cnnlab.augment.Augmentation;
import cnnlab.augment.Preprocessing;
import cnnlab.config.Checks;
import cnnlab.config.ConfigException;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Engines;
import cnnlab.experiment.Claim;
import cnnlab.experiment.Dl4jConfig;
import cnnlab.experiment.OptimizerConfig;
import cnnlab.experiment.TrainingConfig;
import cnnlab.experiment.Variant;
import cnnlab.model.LymphNodeCnn;
import cnnlab.training.WatchedMetric;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The configuration of Task 3; {@code experiments/task3-report.yaml} explains each key.
 *
 * @param experiment the folder under {@code results/}
 * @param seed the seed from which all random streams are derived
 * @param engine the engine that trains
 * @param init a model file (Keras, ONNX or DL4J) that gives the initial weights of each training,
 *     or empty for random ones
 * @param data the source of the patches
 * @param repetitions number of trainings of each variant, each with other initial weights and
 *     another order, at least 1
 * @param trainLimit number of training patches, chosen by the seed; 0 for all
 * @param epochs passes over the training patches, at least 1
 * @param batchSize patches per step, at least 1
 * @param network the network's architecture
 * @param optimizer Adam and its schedule
 * @param labelSmoothing in [0, 1); with distillation, of the targets that the teachers changed
 * @param mixUp α of mix-up, at least 0; 0 for none
 * @param averageDecay decay of averaged weights, in [0, 1); 0 for none
 * @param distillation learning from other networks
 * @param preprocessing fixed transforms of all patches
 * @param augmentation random transforms of training patches
 * @param earlyStopping when to stop and which weights to keep
 * @param testTimeSymmetries whether each patch is also classified in its eight orientations and the
 *     results are averaged; reported separately
 * @param testTimeNormalisation whether the patches are also classified after batch normalisation's
 *     averages have been measured again on them, see {@link cnnlab.inference.AdaptiveBatchNorm};
 *     reported separately
 * @param validation the patches that trainings are validated on
 * @param groups with grouped validation, the number of groups, 2 to 20; repetition 1 leaves out
 *     group 1, repetition 2 group 2, and so on, beginning again after the last
 * @param evaluationLimit upper limit on the validation and on the test patches, from the first; 0
 *     for all
 * @param keepWeightsEvery epochs from one to the next whose weights are kept, of the median run of
 *     the first variant, 0 for none
 * @param threads trainings at once, 0 for one per core; always one if DL4J trains
 * @param dl4j settings of DL4J
 * @param variants the variants, each with {@code name} and {@code set}, the keys that differ from
 *     the rest of the file; empty for a single variant
 * @param claims the claims, each with {@code claim}, {@code better} and {@code worse}; the latter
 *     two are names of variants that are compared in pairs. {@code name+symmetries} is a variant's
 *     mean over the eight symmetries, {@code name+adapted} the variant with batch normalisation's
 *     averages measured again
 */
public record Task3Config(
    String experiment,
    long seed,
    EngineKind engine,
    String init,
    Data data,
    int repetitions,
    int trainLimit,
    int epochs,
    int batchSize,
    Network network,
    OptimizerConfig optimizer,
    double labelSmoothing,
    double mixUp,
    double averageDecay,
    Distillation distillation,
    List<Object> preprocessing,
    List<Object> augmentation,
    EarlyStopping earlyStopping,
    boolean testTimeSymmetries,
    boolean testTimeNormalisation,
    Validation validation,
    int groups,
    int evaluationLimit,
    int keepWeightsEvery,
    int threads,
    Dl4jConfig dl4j,
    List<Map<String, Object>> variants,
    List<Map<String, Object>> claims)
    implements TrainingConfig {

  /** The source of the patches. */
  public enum Data {
    /** Real patches; see {@link cnnlab.data.patch.PatchCamelyon}. */
    PATCHCAMELYON,
    /** Generated patches, to try the pipeline; see {@link cnnlab.data.patch.SyntheticPatches}. */
    SYNTHETIC
  }

  /** The patches that trainings are validated on. */
  public enum Validation {
    /** Those of the validation file, which come from other slides. */
    OFFICIAL,
    /**
     * Each training leaves out one group of the training patches and is validated on it; see {@link
     * cnnlab.data.slide.SlideGroups}. The validation and test files are not used.
     */
    GROUPED
  }

  /** The kind of network. */
  public enum NetworkKind {
    /** The network of the report; see {@link LymphNodeCnn}. */
    REPORT,
    /** A residual network; see {@link cnnlab.model.LymphNodeResNet}. */
    RESIDUAL,
    /**
     * A residual network of group convolutions, whose output is the same for the eight orientations
     * of a patch; see {@link cnnlab.model.LymphNodeResNet}.
     */
    EQUIVARIANT
  }

  /**
   * The architecture of the network.
   *
   * @param kind the kind of network
   * @param dropout the probability to drop a value, in [0, 1)
   * @param widths channels of each stage of a residual network, in an equivariant one each of eight
   *     orientations; empty for the report's network
   * @param blocks residual blocks in each stage, 1 to 200
   * @param pooledStem whether a residual network halves the image before its first stage
   */
  public record Network(
      NetworkKind kind, double dropout, List<Integer> widths, int blocks, boolean pooledStem) {
    /**
     * The number of blocks per stage of the deepest published network for 32x32 images, ResNet-1202
     * (He et al. 2016). With more, setting up the layers takes too long, even if memory suffices.
     */
    private static final int MOST_BLOCKS = 200;

    public Network {
      Checks.inUnitInterval("dropout", dropout);
      Checks.require(
          blocks >= 1 && blocks <= MOST_BLOCKS,
          "blocks",
          blocks,
          "from 1 to %d".formatted(MOST_BLOCKS));
      boolean residual = kind != NetworkKind.REPORT;
      Checks.require(
          residual
              ? !widths.isEmpty() && widths.size() <= 4 && widths.stream().allMatch(w -> w > 0)
              : widths.isEmpty(),
          "widths",
          widths,
          residual
              ? "one to four numbers of channels, such as [20, 40, 80]"
              : "[] where kind is report; kind: residual and kind: equivariant take them");
    }
  }

  /**
   * When to stop before the last epoch.
   *
   * @param watch the watched metric; the weights of its best epoch are kept, with {@code none} the
   *     last weights
   * @param patience epochs without a better value after which training stops; 0 never stops
   */
  public record EarlyStopping(WatchedMetric watch, int patience) {
    public EarlyStopping {
      Checks.atLeast("patience", patience, 0);
      Checks.require(
          watch != WatchedMetric.NONE || patience == 0,
          "patience",
          patience,
          "0 where nothing is watched");
    }
  }

  private static final int MOST_GROUPS = 20;

  /** Patches without labels to learn from. */
  public enum Unlabelled {
    /** None. */
    NONE,
    /**
     * The patches that predictions are asked for: the test patches or, with grouped validation, the
     * group that is left out. Their labels are not used, but the scores are transductive.
     */
    TEST
  }

  /**
   * Learning from other networks; see {@link Task3Teachers}.
   *
   * @param teachers number of networks that are trained first, 0 to 20; 0 for no distillation
   * @param weight share of the teachers' probabilities in the targets of labelled patches, in [0,
   *     1]
   * @param unlabelled patches without labels to learn from
   */
  public record Distillation(int teachers, double weight, Unlabelled unlabelled) {
    public Distillation {
      Checks.require(
          teachers >= 0 && teachers <= MOST_TEACHERS,
          "teachers",
          teachers,
          "from 0 to %d".formatted(MOST_TEACHERS));
      Checks.require(weight >= 0 && weight <= 1, "weight", weight, "from 0 to 1");
      Checks.require(
          unlabelled == Unlabelled.NONE || teachers > 0,
          "unlabelled",
          "test",
          "none where there are no teachers");
      Checks.require(
          weight > 0 || unlabelled == Unlabelled.TEST || teachers == 0,
          "weight",
          weight,
          "above 0 where unlabelled is none, because nothing would be learned from the teachers");
    }
  }

  private static final int MOST_TEACHERS = 20;

  /** Suffix of a variant's name in a claim about its mean over the eight symmetries. */
  static final String SYMMETRIES = "+symmetries";

  /** Suffix for the variant with batch normalisation's averages measured again. */
  static final String ADAPTED = "+adapted";

  /** The methods of the report. */
  public static final Task3Config DEFAULT =
      new Task3Config(
          "task3-report",
          1,
          EngineKind.SCRATCH,
          "",
          Data.PATCHCAMELYON,
          5,
          0,
          20,
          128,
          new Network(NetworkKind.REPORT, LymphNodeCnn.DROPOUT, List.of(), 1, false),
          new OptimizerConfig(1e-3, false, 0, 0, 0),
          0,
          0,
          0,
          new Distillation(0, 0.5, Unlabelled.NONE),
          List.of(),
          List.of(Map.of("flip", Map.of("axes", "horizontal_and_vertical"))),
          new EarlyStopping(WatchedMetric.NONE, 0),
          false,
          false,
          Validation.OFFICIAL,
          5,
          0,
          0,
          0,
          new Dl4jConfig(true),
          List.of(),
          List.of());

  /** The keys that {@code --quick} sets. */
  public static final List<String> QUICK =
      List.of("repetitions=2", "epochs=2", "trainLimit=1024", "evaluationLimit=500");

  /**
   * @throws IllegalArgumentException when a number is out of range
   */
  public Task3Config {
    Checks.folderName("experiment", experiment);
    Checks.repetitions("repetitions", repetitions, 1);
    Checks.atLeast("trainLimit", trainLimit, 0);
    TrainingConfig.check(epochs, batchSize, labelSmoothing, mixUp, averageDecay);
    Checks.atLeast("evaluationLimit", evaluationLimit, 0);
    Checks.require(
        groups >= 2 && groups <= MOST_GROUPS,
        "groups",
        groups,
        "from 2 to %d".formatted(MOST_GROUPS));
    Checks.atLeast("keepWeightsEvery", keepWeightsEvery, 0);
    Checks.threads("threads", threads);
    Checks.require(
        network.kind() != NetworkKind.REPORT || optimizer.weightDecay() == 0,
        "optimizer.weightDecay",
        optimizer.weightDecay(),
        "0 for the report's network, which has penalties of its own");
    Checks.require(
        network.kind() != NetworkKind.REPORT || !testTimeNormalisation,
        "testTimeNormalisation",
        testTimeNormalisation,
        "false for the report's network, which has no batch normalisation");
    Preprocessing.of(preprocessing);
    Augmentation.of(augmentation);
  }

  /**
   * The variants; without any, the configuration itself is the only one.
   *
   * @throws ConfigException when a variant is malformed or sets a reserved key, or a claim names an
   *     unknown variant
   */
  public List<Variant<Task3Config>> allVariants() {
    List<Variant<Task3Config>> all = Variant.of(this, experiment, variants);
    Claim.check(claims, comparable(all));
    if (grouped() && all.stream().anyMatch(v -> v.config().trainLimit != trainLimit)) {
      throw new ConfigException(
          "variants: trainLimit is set, expected the same in all variants where validation is grouped, because the groups depend on it");
    }
    return all;
  }

  /** The names that claims may use: each variant, with the suffixes that apply to it. */
  private static List<String> comparable(List<Variant<Task3Config>> all) {
    return all.stream()
        .flatMap(
            v ->
                Stream.of(
                        Stream.of(v.name()),
                        Stream.of(v.name() + SYMMETRIES).filter(n -> v.config().testTimeSymmetries),
                        Stream.of(v.name() + ADAPTED).filter(n -> v.config().testTimeNormalisation))
                    .flatMap(names -> names))
        .toList();
  }

  /** Trainings at once. */
  public int workers(List<Variant<Task3Config>> all) {
    return TrainingConfig.workers(all, threads, repetitions);
  }

  /** Threads per training when {@code workers} run in parallel; results do not depend on it. */
  int threadsEach(int workers) {
    return Math.max(1, Engines.threads(threads) / workers);
  }

  /** Whether trainings are validated on groups of training patches that they leave out. */
  boolean grouped() {
    return validation == Validation.GROUPED;
  }

  /** The group that a repetition leaves out; null if none. */
  Integer leftOut(int repetition) {
    return grouped() ? (repetition - 1) % groups + 1 : null;
  }

  /** Whether the patches are synthetic. */
  boolean synthetic() {
    return data == Data.SYNTHETIC;
  }
}
