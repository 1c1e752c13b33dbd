package cnnlab.sweep.space;

/** How points are chosen. */
public enum SearchMethod {
  /** All combinations. */
  GRID,
  /** Independent, uniform in each axis. */
  RANDOM,
  /** A Sobol sequence with a random digital shift: more even than random. */
  SOBOL
}
