package cnnlab.bench.worker;

import cnnlab.bench.roofline.LayerTime;
import java.util.List;

/**
 * What a process answers.
 *
 * @param refused why the engine cannot do it; empty if it can
 * @param seconds duration of all calls together
 * @param nanos duration of each call in nanoseconds
 * @param values outputs, or losses and outputs
 * @param layers durations of the layers
 */
public record Answer(
    String refused, double seconds, long[] nanos, double[] values, List<LayerTime> layers) {

  static Answer refused(String why) {
    return new Answer(why, 0, new long[0], new double[0], List.of());
  }

  static Answer timed(double seconds, long[] nanos) {
    return new Answer("", seconds, nanos, new double[0], List.of());
  }

  static Answer of(double... values) {
    return new Answer("", 0, new long[0], values, List.of());
  }

  static Answer of(List<LayerTime> layers) {
    return new Answer("", 0, new long[0], new double[0], layers);
  }

  /** Whether the engine did it. */
  public boolean done() {
    return refused.isEmpty();
  }
}
