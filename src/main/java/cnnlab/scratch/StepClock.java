package cnnlab.scratch;

/** Receives how long each step of a forward pass took. */
@FunctionalInterface
public interface StepClock {

  /** Stands for the conversion between [N, C, H, W] and the layout of the computation. */
  int LAYOUT = -1;

  /**
   * A step is done.
   *
   * @param node the node whose input was read, or {@link #LAYOUT}
   * @param result the node whose output was written: {@code node} itself, or a later one if several
   *     were computed as one
   * @param nanos its duration in nanoseconds
   */
  void step(int node, int result, long nanos);
}
