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
 * The training loop, the same for every engine. The engine is evaluated after each epoch. Training
 * may stop early, restores the best weights if asked to, and can be resumed from a checkpoint. It
 * ends with a {@link DivergedException} at the first batch whose loss is not finite, or after the
 * first epoch with a weight or an output that is not finite.
 */
public final class Trainer {
  /** Upper limit on the training images evaluated after an epoch. */
  private static final int TRAIN_SAMPLE = 6_000;

  private final Engine engine;
  private final TrainingOptions options;
  private final Checkpoint progress;

  /**
   * The result of a training besides the engine's weights.
   *
   * @param history one entry per epoch, including those before a checkpoint
   * @param keptEpoch the epoch, 1, 2, ..., whose weights the engine has now: the best by the
   *     watched metric, or the last if no metric is watched or none had a value; 0 when no epoch
   *     was trained
   */
  public record Fit(List<EpochMetrics> history, int keptEpoch) {
    public Fit {
      history = List.copyOf(history);
    }

    /** The metrics of the kept epoch; at least one epoch must have been trained. */
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
   * A trainer at the first epoch or, if there is a checkpoint, at the epoch after it; the engine's
   * state is then restored.
   *
   * @throws ForeignCheckpointException when the checkpoint belongs to another training
   * @throws IOException when a damaged checkpoint cannot be deleted; the message names it
   */
  public static Trainer start(Engine engine, TrainingOptions options) throws IOException {
    return new Trainer(
        engine, options, Checkpoint.resume(options.checkpoint(), options.epochs(), engine));
  }

  /** The number of completed epochs; batches start with the next one. */
  public int epochsDone() {
    return progress.history().size();
  }

  /**
   * Trains for all epochs, or until early stopping.
   *
   * @param batches the batches of the remaining epochs
   * @param images the number of images of each epoch, at least 1
   * @param train training images, at least one; the first of them are evaluated
   * @param validation the validation images
   * @return the epochs, and the epoch whose weights were kept
   * @throws DivergedException when the loss of a batch, or a weight or an output after an epoch, is
   *     NaN or infinite
   * @throws IllegalArgumentException when the area under the ROC curve is watched and the number of
   *     classes is not two
   * @throws IllegalStateException when the batches belong to other epochs, or an epoch has more or
   *     fewer images
   * @throws IOException when a checkpoint, or what the listener keeps, cannot be written
   */
  public Fit fit(
      BatchSource batches,
      int images,
      ImageSubset train,
      ImageSubset validation,
      TrainingListener listener)
      throws IOException {
    ImageSet set = train.set();
    if (options.watch() == WatchedMetric.VALIDATION_AUC && set.classes() != 2) {
      throw new IllegalArgumentException(
          "the area under the ROC curve cannot be watched: %s has %d classes, 2 expected"
              .formatted(set.name(), set.classes()));
    }
    ImageSubset sample = train.first(TRAIN_SAMPLE);
    if (epochsDone() == 0) {
      listener.epochWeights(0, engine);
    }
    for (int epoch = epochsDone() + 1; epoch <= options.epochs() && !outOfPatience(); epoch++) {
      long start = System.nanoTime();
      double loss = epoch(epoch, batches, images, listener);
      double trained = seconds(start);
      boolean evaluated = epoch % options.evaluateEvery() == 0 || epoch == options.epochs();
      requireFinite(engine.weights(), "a weight", epoch);
      listener.epochWeights(epoch, engine);
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
              images / trained,
              seconds(start));
      progress.add(metrics, options.watch(), engine);
      if (evaluated) {
        progress.write(options.checkpoint(), engine);
      }
      listener.epochDone(metrics);
      if (evaluated) {
        listener.epochEvaluated(
            new EvaluatedEpoch(epoch, engine, onValidation, validation.labels(), set.classes()));
      }
    }
    boolean best = options.watch() != WatchedMetric.NONE && progress.bestWeights() != null;
    if (best) {
      engine.setWeights(progress.bestWeights());
    }
    return new Fit(progress.history(), best ? progress.bestEpoch() : epochsDone());
  }

  /** As above, where an epoch of the batches has every training image once. */
  public Fit fit(
      BatchSource batches, ImageSubset train, ImageSubset validation, TrainingListener listener)
      throws IOException {
    return fit(batches, train.count(), train, validation, listener);
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
