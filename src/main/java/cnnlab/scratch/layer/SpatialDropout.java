package cnnlab.scratch.layer;

/**
 * Dropout of whole channels (Tompson et al. 2015): in training each channel of each image is kept
 * with probability {@code retain} and divided by it, or becomes zero. Any shape, unchanged.
 *
 * @param retain the probability to keep a channel, in (0, 1]; Keras' argument is 1 − retain
 */
public record SpatialDropout(double retain) implements RandomFactors {

  /**
   * @throws IllegalArgumentException when {@code retain} is not in (0, 1]
   */
  public SpatialDropout {
    Dropout.requireProbability("spatial dropout", retain);
  }

  @Override
  public double factor(RandomStream random, Shape shape, long image, int i) {
    long channel = image * shape.channels() + i / shape.plane();
    return random.uniform(channel + 1) < retain ? 1 / retain : 0;
  }
}
