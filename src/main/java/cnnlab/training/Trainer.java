package cnnlab.training;

import cnnlab.data.Batch;
import cnnlab.data.BatchSource;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.engine.Divergence;
import cnnlab.engine.Engine;
import cnnlab.inference.Evaluation;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The training loop, the same for every engine. After each epoch the engine is evaluated; training
 * may stop early, goes back to the best weights if asked to, and can be resumed from a checkpoint.
 * It ends with a {@link DivergedException} at the first batch whose loss is not finite, or after
 * the first epoch with a weight or an output that is not.
 */
public final class Trainer {
  /** Upper limit on the training images evaluated after an epoch. */
  private static final int TRAIN_SAMPLE = 6_000;

  private final Engine engine;
  private final TrainingOptions options;
  private final Checkpoint progress;

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

  private Trainer(Engine engine, TrainingOptions options, Checkpoint progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /**
   * A trainer that stands before the first epoch, or, with the state of the engine, where the
   * checkpoint does.
   *
   * @throws ForeignCheckpointException when it is the checkpoint of another training
   * @throws IOException when a damaged checkpoint cannot be removed; names it
   */
  public static Trainer start(Engine engine, TrainingOptions options) throws IOException {
    return new Trainer(
        engine, options, Checkpoint.resume(options.checkpoint(), options.epochs(), engine));
  }

  /** How many epochs are done: batches begin with the next. */
  public int epochsDone() {
    return progress.history().size();
  }

  /**
   * Trains for all epochs, or until early stopping.
   *
   * @param batches of the epochs that are not done
   * @param train the training images, at least one: the first ones are evaluated. An epoch of the
   *     batches has as many
   * @param validation the validation images
   * @return the epochs, and which of them has the weights that were kept
   * @throws DivergedException when the loss of a batch, or a weight or an output after an epoch, is
   *     NaN or infinite
   * @throws IllegalArgumentException when the area under the ROC curve is watched and there are not
   *     two classes
   * @throws IllegalStateException when the batches are of other epochs, or an epoch has more or
   *     fewer images
   * @throws IOException when a checkpoint cannot be written
   */
  public Fit fit(
      BatchSource batches, ImageSubset train, ImageSubset validation, TrainingListener listener)
      throws IOException {
    ImageSet set = train.set();
    if (options.watch() == WatchedMetric.VALIDATION_AUC && set.classes() != 2) {
      throw new IllegalArgumentException(
          "the area under the ROC curve cannot be watched: %s has %d classes, 2 expected"
              .formatted(set.name(), set.classes()));
    }
    ImageSubset sample = train.first(TRAIN_SAMPLE);
    for (int epoch = epochsDone() + 1; epoch <= options.epochs() && !outOfPatience(); epoch++) {
      long start = System.nanoTime();
      double loss = epoch(epoch, batches, train.count(), listener);
      double trained = seconds(start);
      boolean evaluated = epoch % options.evaluateEvery() == 0 || epoch == options.epochs();
      requireFinite(engine.weights(), "a weight", epoch);
      Evaluation onTrain = evaluated ? evaluate(sample) : Evaluation.none(set.classes());
      Evaluation onValidation = evaluated ? evaluate(validation) : Evaluation.none(set.classes());
      requireFinite(onTrain.probabilities(), "an output on training images", epoch);
      requireFinite(onValidation.probabilities(), "an output on validation images", epoch);
      EpochMetrics metrics =
          new EpochMetrics(
              epoch,
              loss,
              onTrain.loss(),
              onTrain.accuracy(),
              onValidation.loss(),
              onValidation.accuracy(),
              onValidation.auc(),
              train.count() / trained,
              seconds(start));
      progress.add(metrics, options.watch(), engine);
      if (evaluated) {
        progress.write(options.checkpoint(), engine);
      }
      listener.epochDone(metrics);
    }
    boolean best = options.watch() != WatchedMetric.NONE && progress.bestWeights() != null;
    if (best) {
      engine.setWeights(progress.bestWeights());
    }
    return new Fit(progress.history(), best ? progress.bestEpoch() : epochsDone());
  }

  private Evaluation evaluate(ImageSubset images) {
    return Evaluation.of(engine, images.set(), images.indices());
  }

  private void requireFinite(float[] values, String what, int epoch) {
    OptionalDouble found = Divergence.firstOf(values);
    if (found.isPresent()) {
      throw new DivergedException(
          new Divergence(epoch, 0, what, found.getAsDouble()), progress.history());
    }
  }

  private boolean outOfPatience() {
    return options.patience() > 0 && epochsDone() - progress.bestEpoch() >= options.patience();
  }

  private double epoch(int epoch, BatchSource batches, int images, TrainingListener listener) {
    double sum = 0;
    int done = 0;
    for (int number = 1; done < images; number++) {
      Batch batch = batches.next();
      if (batch.epoch() != epoch || done + batch.size() > images) {
        throw new IllegalStateException(
            "%d images of epoch %d found after %d of epoch %d, which has %d"
                .formatted(batch.size(), batch.epoch(), done, epoch, images));
      }
      double loss = engine.trainBatch(batch.x(), batch.y(), batch.size());
      if (!Double.isFinite(loss)) {
        throw new DivergedException(
            new Divergence(epoch, number, "the loss", loss), progress.history());
      }
      done += batch.size();
      sum += batch.size() * loss;
      listener.batchDone(epoch, batch.size(), sum / done);
    }
    return sum / images;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
