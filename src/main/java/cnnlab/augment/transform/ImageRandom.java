package cnnlab.augment.transform;

import java.util.Random;

/**
 * A SplitMix64 generator (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
 * generators"). It is cheap to reseed for every image and independent of other random streams. It
 * is a {@link Random} so that it can also drive DataVec's transforms.
 */
public final class ImageRandom extends Random {
  private static final long serialVersionUID = 1L;
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  public ImageRandom(long seed) {
    super(seed);
  }

  /**
   * The seed of an image in an epoch. Different images and epochs of a stream never share a seed.
   *
   * @param streamSeed the seed of the augmentation stream, such as {@code Seeds.derive(seed,
   *     "augment")}
   * @param epoch the epoch, any value
   * @param index the image's index in its data set, not its position in a batch
   */
  public static long imageSeed(long streamSeed, int epoch, int index) {
    long counter = (long) epoch << 32 | index & 0xFFFFFFFFL;
    return mix(mix(streamSeed) + GAMMA * counter);
  }

  /**
   * The seed of an image that occurs several times in an epoch.
   *
   * @param times how often it has already occurred in the epoch; for 0 the seed is that of {@link
   *     #imageSeed(long, int, int)}
   */
  public static long imageSeed(long streamSeed, int epoch, int index, int times) {
    long first = imageSeed(streamSeed, epoch, index);
    return times == 0 ? first : mix(first + times);
  }

  /** The output function of SplitMix64, a bijection of the 64-bit numbers. */
  public static long mix(long z) {
    long y = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    long x = (y ^ y >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }

  @Override
  public void setSeed(long seed) {
    state = seed;
  }

  @Override
  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  @Override
  protected int next(int bits) {
    return (int) (nextLong() >>> 64 - bits);
  }

  @Override
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Uniform in [-range, range). */
  public double symmetric(double range) {
    return range * (2 * nextDouble() - 1);
  }
}
