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
 * The numbers of Task 3; {@code experiments/task3-report.yaml} explains each.
 *
 * @param experiment the folder under {@code results/}
 * @param seed from which every random stream is derived
 * @param engine which engine trains
 * @param init a model file (Keras or DL4J) with whose weights each training begins, or empty for
 *     random ones
 * @param data which patches
 * @param repetitions how often each variant is trained, from other initial weights and in another
 *     order, at least 1
 * @param trainLimit how many training patches, chosen by the seed; 0 for all
 * @param epochs passes over the training patches, at least 1
 * @param batchSize patches per step, at least 1
 * @param network the network's shape
 * @param optimizer Adam and its schedule
 * @param labelSmoothing in [0, 1)
 * @param mixUp α of mix-up, at least 0; 0 for none
 * @param averageDecay of averaged weights, in [0, 1); 0 for none
 * @param preprocessing fixed transforms of all patches
 * @param augmentation random transforms of training patches
 * @param earlyStopping when to stop, and which weights to keep
 * @param testTimeSymmetries whether each patch is also classified in its eight orientations and the
 *     results averaged; reported apart
 * @param testTimeNormalisation whether the patches are also classified after batch normalisation's
 *     averages were measured anew on them; see {@link cnnlab.inference.AdaptiveBatchNorm}; reported
 *     apart
 * @param evaluationLimit how many validation and test patches are used, the first; 0 for all
 * @param threads trainings at once, 0 for one per core; always one where DL4J trains
 * @param dl4j how DL4J computes
 * @param variants each {@code name} with {@code set}: keys that differ from the rest of the file;
 *     empty for one variant
 * @param claims each {@code claim} with {@code better} and {@code worse}: names of variants that
 *     are compared in pairs; {@code name+symmetries} is that variant's mean over the eight
 *     symmetries, {@code name+adapted} with batch normalisation's averages measured anew
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
    List<Object> preprocessing,
    List<Object> augmentation,
    EarlyStopping earlyStopping,
    boolean testTimeSymmetries,
    boolean testTimeNormalisation,
    int evaluationLimit,
    int threads,
    Dl4jConfig dl4j,
    List<Map<String, Object>> variants,
    List<Map<String, Object>> claims)
    implements TrainingConfig {

  /** Where patches come from. */
  public enum Data {
    /** Real ones; see {@link cnnlab.data.patch.PatchCamelyon}. */
    PATCHCAMELYON,
    /** Made by the program, to try the pipeline; see {@link cnnlab.data.patch.SyntheticPatches}. */
    SYNTHETIC
  }

  /** Which network. */
  public enum NetworkKind {
    /** The report's; see {@link LymphNodeCnn}. */
    REPORT,
    /** See {@link cnnlab.model.LymphNodeResNet}. */
    RESIDUAL
  }

  /**
   * The shape of the network.
   *
   * @param kind which
   * @param dropout the probability to drop a value, in [0, 1)
   * @param widths channels of each stage of a residual network; the report's has none
   * @param blocks residual blocks in each stage, 1 to 200
   * @param pooledStem whether a residual network halves the image before its stages
   */
  public record Network(
      NetworkKind kind, double dropout, List<Integer> widths, int blocks, boolean pooledStem) {
    /**
     * As many as a stage of the deepest published network for images of 32x32 has, ResNet-1202 (He
     * et al. 2016). Beyond, not memory but the layers themselves take too long to set up.
     */
    private static final int MOST_BLOCKS = 200;

    public Network {
      Checks.inUnitInterval("dropout", dropout);
      Checks.require(
          blocks >= 1 && blocks <= MOST_BLOCKS,
          "blocks",
          blocks,
          "from 1 to %d".formatted(MOST_BLOCKS));
      boolean residual = kind == NetworkKind.RESIDUAL;
      Checks.require(
          residual
              ? !widths.isEmpty() && widths.size() <= 4 && widths.stream().allMatch(w -> w > 0)
              : widths.isEmpty(),
          "widths",
          widths,
          residual
              ? "one to four numbers of channels, such as [20, 40, 80]"
              : "[] where kind is report; kind: residual takes them");
    }
  }

  /**
   * When to stop before the last epoch.
   *
   * @param watch what is watched; the weights of its best epoch are kept. {@code none}: the last
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

  /** What follows a variant's name in a claim about its mean over the eight symmetries. */
  static final String SYMMETRIES = "+symmetries";

  /** The same with batch normalisation's averages measured anew. */
  static final String ADAPTED = "+adapted";

  /** The report's methods. */
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
          List.of(),
          List.of(Map.of("flip", Map.of("axes", "horizontal_and_vertical"))),
          new EarlyStopping(WatchedMetric.NONE, 0),
          false,
          false,
          0,
          0,
          new Dl4jConfig(true),
          List.of(),
          List.of());

  /** What {@code --quick} sets. */
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
    Checks.threads("threads", threads);
    Checks.require(
        network.kind() == NetworkKind.RESIDUAL || optimizer.weightDecay() == 0,
        "optimizer.weightDecay",
        optimizer.weightDecay(),
        "0 for the report's network, which has penalties of its own");
    Checks.require(
        network.kind() == NetworkKind.RESIDUAL || !testTimeNormalisation,
        "testTimeNormalisation",
        testTimeNormalisation,
        "false for the report's network, which has no batch normalisation");
    Preprocessing.of(preprocessing);
    Augmentation.of(augmentation);
  }

  /**
   * The variants, or the configuration itself as the only one.
   *
   * @throws ConfigException when a variant is not well formed, or sets what is the same for all
   */
  public List<Variant<Task3Config>> allVariants() {
    List<Variant<Task3Config>> all = Variant.of(this, experiment, variants);
    Claim.check(claims, comparable(all));
    return all;
  }

  /** What claims may name: each variant, and what else is done with its networks. */
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

  /** Whether the patches are no tissue. */
  boolean synthetic() {
    return data == Data.SYNTHETIC;
  }
}
