package cnnlab.engine;

import cnnlab.data.Seeds;
import cnnlab.data.Split;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * Mix-up (Zhang et al. 2018, "mixup: Beyond empirical risk minimization", ICLR): each image of a
 * batch becomes λ·itself + (1 − λ)·another of the batch, and so does its target. As in the paper's
 * own code, a batch has one λ, drawn from Beta(α, α), and one permutation. Each epoch has a random
 * stream of its own, so that a training that is taken up again goes on with the same numbers.
 */
final class MixUp {
  /** Null for no mixing. */
  private final BetaDistribution shares;

  private final SplittableRandom random;

  private MixUp(double alpha, SplittableRandom random) {
    this.shares = alpha > 0 ? BetaDistribution.of(alpha, alpha) : null;
    this.random = random;
  }

  /**
   * The mixing of one epoch.
   *
   * @param alpha α of the Beta distribution, at least 0; 0 leaves everything as it is
   */
  static MixUp ofEpoch(double alpha, long seed, int epoch) {
    return new MixUp(alpha, Seeds.random(seed, "mixup-" + epoch));
  }

  /**
   * Mixes a batch in place.
   *
   * @param x images [n, C, H, W]
   * @param y targets [n, K]
   */
  void apply(float[] x, float[] y, int n) {
    if (shares == null) {
      return;
    }
    double u = random.nextDouble();
    float lambda = (float) (u == 0 ? 0 : shares.inverseCumulativeProbability(u));
    int[] partners = IntStream.range(0, n).toArray();
    Split.shuffle(partners, random);
    mix(x, n, lambda, partners);
    mix(y, n, lambda, partners);
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
