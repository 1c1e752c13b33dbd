package cnnlab.engine;

import cnnlab.data.ImageSet;
import cnnlab.data.Seeds;
import cnnlab.data.Split;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;

/**
 * The training loop, the same for every engine: all see the same images in the same order. After
 * each epoch the engine is evaluated; training may stop early, goes back to the best weights if
 * asked to, and can be taken up again from a checkpoint. It ends with a {@link DivergedException}
 * at the first batch whose loss is not finite, or after the first epoch with a weight or an output
 * that is not.
 */
public final class Trainer {
  /** At most so many training images are evaluated after an epoch. */
  private static final int TRAIN_SAMPLE = 6_000;

  private final Engine engine;
  private final ImageSet set;
  private final ImageSet held;
  private final Batches batches;
  private final Options options;
  private final Listener listener;

  /** What early stopping watches. */
  public enum Metric {
    /** Nothing: all epochs are run and the last weights kept. */
    NONE,
    /** The validation loss, which should fall. */
    VALIDATION_LOSS,
    /** The validation accuracy, which should rise. */
    VALIDATION_ACCURACY,
    /** The area under the ROC curve of the validation images, which should rise; two classes. */
    VALIDATION_AUC;

    /** Larger is better. */
    public double score(EpochMetrics m) {
      return switch (this) {
        case NONE -> m.epoch();
        case VALIDATION_LOSS -> -m.validationLoss();
        case VALIDATION_ACCURACY -> m.validationAccuracy();
        case VALIDATION_AUC -> m.validationAuc();
      };
    }
  }

  /**
   * @param epochs passes over the training images, at least 0
   * @param batchSize images per step, at least 1; the last batch of an epoch may be smaller
   * @param shuffleSeed the seed of the order of images, one permutation per epoch
   * @param labelSmoothing s in [0, 1): targets become (1 − s)·y + s/K
   * @param evaluateEvery epochs between two evaluations, at least 1; the last epoch is always
   *     evaluated
   * @param watch what early stopping watches; the weights of the best epoch are restored at the end
   * @param patience epochs without a better value after which training stops; 0 never stops
   * @param checkpoint a file that is written after every evaluated epoch and gone on from if it
   *     exists, or null
   * @param mixUp α of {@link MixUp}, 0 for none
   */
  public record Options(
      int epochs,
      int batchSize,
      long shuffleSeed,
      double labelSmoothing,
      int evaluateEvery,
      Metric watch,
      int patience,
      CheckpointFile checkpoint,
      double mixUp) {

    /** Without mix-up. */
    public Options(
        int epochs,
        int batchSize,
        long shuffleSeed,
        double labelSmoothing,
        int evaluateEvery,
        Metric watch,
        int patience,
        CheckpointFile checkpoint) {
      this(
          epochs,
          batchSize,
          shuffleSeed,
          labelSmoothing,
          evaluateEvery,
          watch,
          patience,
          checkpoint,
          0);
    }

    /** All epochs, each evaluated, the last weights, no checkpoint. */
    public static Options plain(int epochs, int batchSize, long shuffleSeed) {
      return new Options(epochs, batchSize, shuffleSeed, 0, 1, Metric.NONE, 0, null);
    }

    /** The same with a checkpoint. */
    public Options withCheckpoint(CheckpointFile file) {
      return new Options(
          epochs,
          batchSize,
          shuffleSeed,
          labelSmoothing,
          evaluateEvery,
          watch,
          patience,
          file,
          mixUp);
    }

    /** The same with mix-up. */
    public Options withMixUp(double alpha) {
      return new Options(
          epochs,
          batchSize,
          shuffleSeed,
          labelSmoothing,
          evaluateEvery,
          watch,
          patience,
          checkpoint,
          alpha);
    }
  }

  /** Where the training images of a batch come from, one batch after another. */
  @FunctionalInterface
  public interface Batches {
    /**
     * @param order the epoch's order of images
     * @param from first position in {@code order}
     * @param to position after the last
     * @return [to - from, C, H, W]
     */
    float[] next(int[] order, int from, int to);
  }

  /** Is told how training goes on. */
  public interface Listener {
    /**
     * A batch of {@code images} images is done; {@code loss} is the mean over the epoch's batches
     * so far.
     */
    void batchDone(int epoch, int images, double loss);

    /** An epoch is done, evaluated, and in the checkpoint. */
    void epochDone(EpochMetrics metrics);
  }

  /**
   * What training leaves besides the engine's weights.
   *
   * @param history one entry per epoch, those before a checkpoint included
   * @param keptEpoch the epoch, 1, 2, ..., whose weights the engine has now: the last, or the best
   *     by what is watched; the last, too, where no epoch had a value to watch; 0 when none was
   *     trained
   */
  public record Fit(List<EpochMetrics> history, int keptEpoch) {
    public Fit {
      history = List.copyOf(history);
    }

    /** The kept epoch's row; there must be one. */
    public EpochMetrics kept() {
      return history.get(keptEpoch - 1);
    }
  }

  /** Trains on the images as they are. */
  public Trainer(Engine engine, ImageSet set, Options options, Listener listener) {
    this(engine, set, set::batch, options, listener);
  }

  /**
   * @param set the images, for labels and for evaluation
   * @param batches what is trained on, such as augmented images
   */
  public Trainer(Engine engine, ImageSet set, Batches batches, Options options, Listener listener) {
    this(engine, set, set, batches, options, listener);
  }

  /**
   * @param set the training images, for labels and for evaluation
   * @param held the set that the validation images are of
   * @param batches what is trained on, such as augmented images
   */
  public Trainer(
      Engine engine,
      ImageSet set,
      ImageSet held,
      Batches batches,
      Options options,
      Listener listener) {
    this.batches = batches;
    this.engine = engine;
    this.set = set;
    this.held = held;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Trains for all epochs, or until early stopping.
   *
   * @param train indices of the training images, at least one
   * @param validation indices of the validation images in their set
   * @return the epochs, and which of them has the weights that were kept
   * @throws DivergedException when the loss of a batch, or a weight or an output after an epoch, is
   *     NaN or infinite
   * @throws IllegalArgumentException when the area under the ROC curve is watched and there are not
   *     two classes
   * @throws IOException when a checkpoint cannot be read or written
   */
  public Fit fit(int[] train, int[] validation) throws IOException {
    return fit(train, epoch -> order(train, options.shuffleSeed(), epoch), validation);
  }

  /**
   * The same in an order of one's own.
   *
   * @param train indices of the training images, to evaluate on
   * @param order the images of each epoch (1, 2, ...)
   */
  public Fit fit(int[] train, IntFunction<int[]> order, int[] validation) throws IOException {
    if (options.watch() == Metric.VALIDATION_AUC && set.classes() != 2) {
      throw new IllegalArgumentException(
          "the area under the ROC curve cannot be watched: %s has %d classes, 2 expected"
              .formatted(set.name(), set.classes()));
    }
    int[] sample = Arrays.copyOf(train, Math.min(train.length, TRAIN_SAMPLE));
    Checkpoint progress = Checkpoint.resume(options.checkpoint(), options.epochs(), engine);
    for (int epoch = progress.history().size() + 1;
        epoch <= options.epochs() && !outOfPatience(progress);
        epoch++) {
      long start = System.nanoTime();
      double loss = epoch(epoch, order.apply(epoch), progress.history());
      double trained = seconds(start);
      boolean evaluated = epoch % options.evaluateEvery() == 0 || epoch == options.epochs();
      requireFinite(engine.weights(), "a weight", epoch, progress.history());
      Evaluation onTrain = evaluated ? Evaluation.of(engine, set, sample) : none();
      Evaluation onValidation = evaluated ? Evaluation.of(engine, held, validation) : none();
      requireFinite(
          onTrain.probabilities(), "an output on training images", epoch, progress.history());
      requireFinite(
          onValidation.probabilities(),
          "an output on validation images",
          epoch,
          progress.history());
      EpochMetrics metrics =
          new EpochMetrics(
              epoch,
              loss,
              onTrain.loss(),
              onTrain.accuracy(),
              onValidation.loss(),
              onValidation.accuracy(),
              onValidation.auc(),
              train.length / trained,
              seconds(start));
      progress.add(metrics, options.watch(), engine);
      if (evaluated) {
        progress.write(options.checkpoint(), engine);
      }
      listener.epochDone(metrics);
    }
    boolean best = options.watch() != Metric.NONE && progress.bestWeights() != null;
    if (best) {
      engine.setWeights(progress.bestWeights());
    }
    return new Fit(progress.history(), best ? progress.bestEpoch() : progress.history().size());
  }

  private static void requireFinite(
      float[] values, String what, int epoch, List<EpochMetrics> history) {
    OptionalDouble found = Divergence.firstOf(values);
    if (found.isPresent()) {
      throw new DivergedException(new Divergence(epoch, 0, what, found.getAsDouble()), history);
    }
  }

  private Evaluation none() {
    return Evaluation.none(set.classes());
  }

  /**
   * How many epochs are done according to a checkpoint, so that batches that are prepared ahead
   * begin with the next.
   *
   * @param checkpoint as in {@link Options}; 0 when it is null or does not exist
   * @param epochs as in {@link Options}
   * @throws IOException when the file is the checkpoint of another training
   */
  public static int epochsDone(CheckpointFile checkpoint, int epochs) throws IOException {
    return Checkpoint.epochs(checkpoint, epochs);
  }

  private boolean outOfPatience(Checkpoint progress) {
    return options.patience() > 0
        && progress.history().size() - progress.bestEpoch() >= options.patience();
  }

  private double epoch(int epoch, int[] order, List<EpochMetrics> history) {
    MixUp mixUp = MixUp.ofEpoch(options.mixUp(), options.shuffleSeed(), epoch);
    double sum = 0;
    for (int from = 0; from < order.length; from += options.batchSize()) {
      int to = Math.min(from + options.batchSize(), order.length);
      float[] y = smooth(set.oneHot(order, from, to));
      float[] x = batches.next(order, from, to);
      mixUp.apply(x, y, to - from);
      double loss = engine.trainBatch(x, y, to - from);
      if (!Double.isFinite(loss)) {
        int batch = from / options.batchSize() + 1;
        throw new DivergedException(new Divergence(epoch, batch, "the loss", loss), history);
      }
      sum += (to - from) * loss;
      listener.batchDone(epoch, to - from, sum / to);
    }
    return sum / order.length;
  }

  /**
   * The order in which an epoch goes through the training images.
   *
   * @param train indices of the training images
   * @param shuffleSeed as in {@link Options}
   * @param epoch 1, 2, ...
   */
  public static int[] order(int[] train, long shuffleSeed, int epoch) {
    int[] order = train.clone();
    Split.shuffle(order, Seeds.random(shuffleSeed, "epoch-" + epoch));
    return order;
  }

  /** Label smoothing (Szegedy et al. 2016). */
  private float[] smooth(float[] y) {
    float keep = (float) (1 - options.labelSmoothing());
    float share = (float) (options.labelSmoothing() / set.classes());
    for (int i = 0; i < y.length; i++) {
      y[i] = keep * y[i] + share;
    }
    return y;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
