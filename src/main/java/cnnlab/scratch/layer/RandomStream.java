package cnnlab.scratch.layer;

/**
 * Random numbers of one layer in one training step, by counter: a number depends only on seed,
 * layer, step and counter, not on the threads or the order of computation.
 */
final class RandomStream {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final long stream;

  RandomStream(LayerContext context) {
    long seed = context.batch.seed() + context.node.name().hashCode();
    this.stream = mix(seed + GOLDEN_GAMMA * context.batch.step());
  }

  /** Uniform in [0, 1). */
  double uniform(long counter) {
    return (mix(stream + GOLDEN_GAMMA * counter) >>> 11) * 0x1.0p-53;
  }

  /**
   * Normal with mean 0 and standard deviation 1, from two uniform numbers (Box and Muller 1958).
   */
  double normal(long counter) {
    double radius = Math.sqrt(-2 * Math.log(1 - uniform(2 * counter)));
    return radius * Math.cos(2 * Math.PI * uniform(2 * counter + 1));
  }

  /** The output function of SplitMix64 (Steele et al. 2014): a counter becomes 64 random bits. */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
