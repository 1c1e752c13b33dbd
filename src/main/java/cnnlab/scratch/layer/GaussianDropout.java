package cnnlab.scratch.layer;

/**
 * Multiplication by normal random factors of mean 1 and standard deviation √(rate / (1 − rate)) in
 * training (Srivastava et al. 2014, section 10). Any shape, unchanged.
 *
 * @param rate in [0, 1), as in Keras and DL4J
 */
public record GaussianDropout(double rate) implements RandomFactors {

  /**
   * @throws IllegalArgumentException when {@code rate} is not in [0, 1)
   */
  public GaussianDropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "Gaussian dropout's rate is %s, it must be in [0, 1)".formatted(rate));
    }
  }

  @Override
  public double factor(RandomStream random, Shape shape, long image, int i) {
    return 1 + Math.sqrt(rate / (1 - rate)) * random.normal(image * shape.size() + i + 1);
  }
}
