package cnnlab.scratch.train;

/**
 * A penalty l1·Σ|w| + l2/2·Σw² on parameters {@code begin} to {@code end}; l2 as defined by DL4J.
 * Keras' {@code L2(x)} is x·Σw², which is {@code l2 = 2x} here.
 *
 * @param begin the first parameter
 * @param end one behind the last
 * @param l1 at least 0
 * @param l2 at least 0
 */
public record Penalty(int begin, int end, double l1, double l2) {

  /**
   * @throws IllegalArgumentException when a factor is negative
   */
  public Penalty {
    if (!(l1 >= 0 && l2 >= 0)) {
      throw new IllegalArgumentException("l1 %s and l2 %s must be 0 or more".formatted(l1, l2));
    }
  }
}
