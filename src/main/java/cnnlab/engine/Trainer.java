package cnnlab.engine;

import cnnlab.data.ImageSet;
import cnnlab.data.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The training loop, the same for every engine: both see the same images in the same order. */
public final class Trainer {
  /** At most so many training images are evaluated after an epoch. */
  private static final int TRAIN_SAMPLE = 6_000;

  private final Engine engine;
  private final ImageSet set;
  private final Options options;
  private final Listener listener;

  /**
   * @param epochs passes over the training images, at least 0
   * @param batchSize images per step, at least 1; the last batch of an epoch may be smaller
   * @param shuffleSeed the seed of the order of images, one permutation per epoch
   */
  public record Options(int epochs, int batchSize, long shuffleSeed) {}

  /** Is told how training goes on. */
  public interface Listener {
    /**
     * A batch of {@code images} images is done; {@code loss} is the mean over the epoch's batches
     * so far.
     */
    void batchDone(int epoch, int images, double loss);

    /** An epoch is done and evaluated. */
    void epochDone(EpochMetrics metrics);
  }

  public Trainer(Engine engine, ImageSet set, Options options, Listener listener) {
    this.engine = engine;
    this.set = set;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Trains for all epochs.
   *
   * @param train indices of the training images, at least one
   * @param validation indices of the validation images
   * @return one row per epoch
   */
  public List<EpochMetrics> fit(int[] train, int[] validation) {
    List<EpochMetrics> history = new ArrayList<>();
    int[] sample = Arrays.copyOf(train, Math.min(train.length, TRAIN_SAMPLE));
    for (int epoch = 1; epoch <= options.epochs(); epoch++) {
      long start = System.nanoTime();
      double loss = epoch(epoch, train);
      double trained = seconds(start);
      Evaluation onTrain = Evaluation.of(engine, set, sample);
      Evaluation onValidation = Evaluation.of(engine, set, validation);
      EpochMetrics metrics =
          new EpochMetrics(
              epoch,
              loss,
              onTrain.loss(),
              onTrain.accuracy(),
              onValidation.loss(),
              onValidation.accuracy(),
              train.length / trained,
              seconds(start));
      history.add(metrics);
      listener.epochDone(metrics);
    }
    return history;
  }

  private double epoch(int epoch, int[] train) {
    int[] order = train.clone();
    shuffle(order, Seeds.random(options.shuffleSeed(), "epoch-" + epoch));
    double sum = 0;
    for (int from = 0; from < order.length; from += options.batchSize()) {
      int to = Math.min(from + options.batchSize(), order.length);
      float[] x = set.batch(order, from, to);
      sum += (to - from) * engine.trainBatch(x, targets(order, from, to), to - from);
      listener.batchDone(epoch, to - from, sum / to);
    }
    return sum / order.length;
  }

  /** One-hot targets [to - from, K]. */
  private float[] targets(int[] order, int from, int to) {
    float[] y = new float[(to - from) * set.classes()];
    for (int i = from; i < to; i++) {
      y[(i - from) * set.classes() + set.labels()[order[i]]] = 1;
    }
    return y;
  }

  /** Fisher–Yates. */
  private static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = values[i];
      values[i] = values[j];
      values[j] = swap;
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
