package cnnlab.training;

import cnnlab.data.Batch;
import cnnlab.data.BatchSource;
import cnnlab.data.Seeds;
import cnnlab.data.Split;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * Mix-up (Zhang et al. 2018, "mixup: Beyond empirical risk minimization", ICLR): each image x of a
 * batch becomes λ·x + (1 − λ)·x', where x' is another image of the batch, and targets are mixed in
 * the same way. As in the code published with the paper, a batch has one λ, drawn from Beta(α, α),
 * and one permutation. Each epoch has its own random stream, so that a resumed training draws the
 * same numbers.
 */
public final class MixUp implements BatchSource {
  private final BatchSource batches;
  private final BetaDistribution shares;
  private final long seed;
  private int epoch;
  private SplittableRandom random;

  private MixUp(BatchSource batches, BetaDistribution shares, long seed) {
    this.batches = batches;
    this.shares = shares;
    this.seed = seed;
  }

  /**
   * The batches with mixed images and targets.
   *
   * @param alpha α of the Beta distribution, at least 0; 0 leaves the batches unchanged
   * @param seed the seed of λ and of the permutations
   */
  public static BatchSource of(BatchSource batches, double alpha, long seed) {
    return alpha == 0 ? batches : new MixUp(batches, BetaDistribution.of(alpha, alpha), seed);
  }

  @Override
  public Batch next() {
    Batch batch = batches.next();
    if (batch.epoch() != epoch) {
      epoch = batch.epoch();
      random = Seeds.random(seed, "mixup-" + epoch);
    }
    double u = random.nextDouble();
    float lambda = (float) (u == 0 ? 0 : shares.inverseCumulativeProbability(u));
    int[] partners = IntStream.range(0, batch.size()).toArray();
    Split.shuffle(partners, random);
    mix(batch.x(), batch.size(), lambda, partners);
    mix(batch.y(), batch.size(), lambda, partners);
    return batch;
  }

  private static void mix(float[] values, int n, float lambda, int[] partners) {
    float[] before = values.clone();
    int size = values.length / n;
    for (int i = 0; i < n; i++) {
      int own = i * size;
      int other = partners[i] * size;
      for (int k = 0; k < size; k++) {
        values[own + k] = lambda * before[own + k] + (1 - lambda) * before[other + k];
      }
    }
  }
}
