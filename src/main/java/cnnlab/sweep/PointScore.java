package cnnlab.sweep;

import cnnlab.sweep.space.Point;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The score of a point after a given number of epochs.
 *
 * @param epochs the number of epochs, 0 for all
 * @param values the objective in each repetition; NaN if the trial diverged or failed
 */
record PointScore(Point point, int epochs, double[] values) {
  /** Whether every repetition has a value; otherwise the point cannot be compared with others. */
  boolean complete() {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }

  double mean() {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /**
   * Sorts the points, the best first and incomplete ones last; ties keep their order.
   *
   * @param maximise whether higher is better
   */
  static List<PointScore> ranked(List<PointScore> scores, boolean maximise) {
    Comparator<PointScore> better =
        Comparator.comparing((PointScore s) -> !s.complete())
            .thenComparing(s -> s.complete() ? (maximise ? -s.mean() : s.mean()) : 0.0);
    return scores.stream().sorted(better).toList();
  }

  /**
   * The better half, rounded up, without incomplete points.
   *
   * @param maximise whether higher is better
   */
  static List<Point> betterHalf(List<PointScore> scores, boolean maximise) {
    return ranked(scores, maximise).stream()
        .limit((scores.size() + 1) / 2)
        .filter(PointScore::complete)
        .map(PointScore::point)
        .toList();
  }
}
