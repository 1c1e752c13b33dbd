package cnnlab.scratch;

import java.util.List;

/** Receives how long each step of a forward pass took. */
@FunctionalInterface
public interface StepClock {

  /**
   * A step is done.
   *
   * @param nodes the positions of the nodes that were computed as one, in computing order; empty
   *     for a conversion between layouts
   * @param nanos its duration in nanoseconds
   */
  void step(List<Integer> nodes, long nanos);
}
