package cnnlab.scratch.layer;

/**
 * Inverted dropout (Srivastava et al. 2014): in training each value is kept with probability {@code
 * retain} and divided by it, or becomes zero; at inference the layer is the identity. Any shape,
 * unchanged.
 *
 * @param retain the probability to keep a value, in (0, 1]; Keras' argument is 1 − retain
 */
public record Dropout(double retain) implements RandomFactors {

  /**
   * @throws IllegalArgumentException when {@code retain} is not in (0, 1]
   */
  public Dropout {
    requireProbability("dropout", retain);
  }

  static void requireProbability(String what, double retain) {
    if (!(retain > 0 && retain <= 1)) {
      throw new IllegalArgumentException(
          "%s's probability to retain is %s, it must be in (0, 1]".formatted(what, retain));
    }
  }

  @Override
  public double factor(RandomStream random, Shape shape, long image, int i) {
    return random.uniform(image * shape.size() + i + 1) < retain ? 1 / retain : 0;
  }
}
