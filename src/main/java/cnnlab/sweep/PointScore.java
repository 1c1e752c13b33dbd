package cnnlab.sweep;

import cnnlab.sweep.space.Point;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How a point stands after so many epochs.
 *
 * @param epochs 0 for all
 * @param values its objective in each repetition; NaN where a trial diverged or failed
 */
record PointScore(Point point, int epochs, double[] values) {
  /** Whether every repetition has a value: else the point cannot be compared with others. */
  boolean complete() {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }

  double mean() {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /**
   * The better points first, those that are not complete last; of equal ones the first.
   *
   * @param maximise whether more is better
   */
  static List<PointScore> ranked(List<PointScore> scores, boolean maximise) {
    Comparator<PointScore> better =
        Comparator.comparing((PointScore s) -> !s.complete())
            .thenComparing(s -> s.complete() ? (maximise ? -s.mean() : s.mean()) : 0.0);
    return scores.stream().sorted(better).toList();
  }

  /**
   * The better half, rounded up, of the complete ones.
   *
   * @param maximise whether more is better
   */
  static List<Point> betterHalf(List<PointScore> scores, boolean maximise) {
    return ranked(scores, maximise).stream()
        .limit((scores.size() + 1) / 2)
        .filter(PointScore::complete)
        .map(PointScore::point)
        .toList();
  }
}
