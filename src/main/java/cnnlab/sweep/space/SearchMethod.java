package cnnlab.sweep.space;

/** How points are chosen. */
public enum SearchMethod {
  /** All combinations. */
  GRID,
  /** Independent points, uniform on each axis. */
  RANDOM,
  /**
   * A Sobol sequence with a random digital shift, which covers the space more evenly than random
   * points.
   */
  SOBOL
}
