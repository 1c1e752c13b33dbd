package cnnlab.sweep;

/**
 * Where and how a sweep runs; none of it changes a result.
 *
 * @param spark the address of a Spark master, or null for this process
 * @param sharedData whether the machines of a cluster find the data sets in the same folders
 * @param maxFailures trials that may fail, or null for the configuration's number
 */
public record SweepOptions(String spark, boolean sharedData, Integer maxFailures) {
  /** In this process. */
  public static final SweepOptions HERE = new SweepOptions(null, false, null);
}
