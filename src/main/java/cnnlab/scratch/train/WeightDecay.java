package cnnlab.scratch.train;

/**
 * Decoupled weight decay of parameters {@code begin} to {@code end}: at each step w ← w − η·λ·w, in
 * addition to the optimiser's step (Loshchilov and Hutter 2019). With Adam this differs from an l2
 * penalty.
 *
 * @param begin the first parameter
 * @param end one behind the last
 * @param lambda λ, at least 0
 */
public record WeightDecay(int begin, int end, double lambda) {

  /**
   * @throws IllegalArgumentException when lambda is negative
   */
  public WeightDecay {
    if (!(lambda >= 0)) {
      throw new IllegalArgumentException("lambda is %s, it must be 0 or more".formatted(lambda));
    }
  }
}
