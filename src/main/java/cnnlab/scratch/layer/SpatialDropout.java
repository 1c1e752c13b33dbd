package cnnlab.scratch.layer;

/**
 * Dropout of whole channels (Tompson et al. 2015): in training each channel of each image is kept
 * with probability {@code keepProbability} and divided by it, or becomes zero. Any shape,
 * unchanged.
 *
 * @param keepProbability the probability that a channel is kept, in (0, 1]; Keras' argument is 1 −
 *     keepProbability
 */
public record SpatialDropout(double keepProbability) implements RandomFactors {

  /**
   * @throws IllegalArgumentException when {@code keepProbability} is not in (0, 1]
   */
  public SpatialDropout {
    Dropout.requireProbability("spatial dropout", keepProbability);
  }

  @Override
  public double factor(RandomStream random, Shape shape, long image, int i) {
    long channel = image * shape.channels() + i / shape.plane();
    return random.uniform(channel + 1) < keepProbability ? 1 / keepProbability : 0;
  }
}
