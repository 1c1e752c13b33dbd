package cnnlab.sweep;

/**
 * Where and how a sweep runs; none of the options changes a result.
 *
 * @param spark the address of a Spark master, or null for this process
 * @param sharedData whether all machines of a cluster have the data sets in the same folders
 * @param maxFailures number of trials that may fail, or null for that of the configuration
 */
public record SweepOptions(String spark, boolean sharedData, Integer maxFailures) {
  /** Runs in this process. */
  public static final SweepOptions HERE = new SweepOptions(null, false, null);
}
