package cnnlab.scratch.kernel.peak;

/** A loop that does as many multiplications and additions as the processor can. */
public interface PeakLoop {
  /**
   * Runs the loop.
   *
   * @param rounds number of rounds
   * @return what was computed, so that no compiler leaves the loop out
   */
  double run(int rounds);

  /** The number of multiplications and additions in one round. */
  int operations();
}
