package cnnlab.scratch.layer;

/**
 * Inverted dropout (Srivastava et al. 2014): in training each value is kept with probability {@code
 * keepProbability} and divided by it, or becomes zero; at inference the layer is the identity. Any
 * shape, unchanged.
 *
 * @param keepProbability the probability that a value is kept, in (0, 1]; Keras' argument is 1 −
 *     keepProbability
 */
public record Dropout(double keepProbability) implements RandomFactors {

  /**
   * @throws IllegalArgumentException when {@code keepProbability} is not in (0, 1]
   */
  public Dropout {
    requireProbability("dropout", keepProbability);
  }

  static void requireProbability(String what, double keepProbability) {
    if (!(keepProbability > 0 && keepProbability <= 1)) {
      throw new IllegalArgumentException(
          "%s's probability of keeping a value is %s, it must be in (0, 1]"
              .formatted(what, keepProbability));
    }
  }

  @Override
  public double factor(RandomStream random, Shape shape, long image, int i) {
    return random.uniform(image * shape.size() + i + 1) < keepProbability ? 1 / keepProbability : 0;
  }
}
