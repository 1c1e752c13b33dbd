package cnnlab.sweep;

import cnnlab.metric.Scale;
import cnnlab.metric.Summary;
import cnnlab.plot.EffectsPlot;
import cnnlab.plot.ParallelPlot;
import cnnlab.plot.Picture;
import cnnlab.sweep.space.Axis;
import cnnlab.sweep.space.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The pictures of a sweep. */
final class SweepPlots {
  /** The largest number of groups for an axis without levels. */
  private static final int GROUPS = 4;

  /** The least number of points in a group, so that its interval is meaningful. */
  private static final int GROUP = 3;

  /** Axes with more levels are drawn as if they had none. */
  private static final int MOST_LEVELS = 12;

  private SweepPlots() {}

  /** Parallel coordinates of all points; dropped points are grey. */
  static Picture parallel(SweepPlan<?> plan, Search search) {
    List<ParallelPlot.Axis> axes =
        plan.space().axes().stream()
            .map(a -> new ParallelPlot.Axis(a.name(), marks(a), few(a)))
            .toList();
    List<ParallelPlot.Line> lines =
        search.ranking().stream()
            .map(
                s ->
                    new ParallelPlot.Line(
                        places(s.point()),
                        s.epochs() == search.best().epochs() ? s.mean() : Double.NaN))
            .toList();
    return ParallelPlot.draw(
        "All points and their mean " + plan.config().objective().name(),
        axes,
        plan.config().objective().name(),
        plan.config().objective().maximise(),
        lines);
  }

  /** The scores of all points in the first round against each axis. */
  static Picture effects(SweepPlan<?> plan, Search search) {
    List<PointScore> complete = search.firstRound().stream().filter(PointScore::complete).toList();
    double[] scores = complete.stream().mapToDouble(PointScore::mean).toArray();
    List<EffectsPlot.Panel> panels = new ArrayList<>();
    Scale scale = Scale.ofScore(plan.config().objective().name());
    for (int a = 0; a < plan.space().axes().size(); a++) {
      Axis axis = plan.space().axes().get(a);
      int index = a;
      double[] places =
          complete.stream().mapToDouble(s -> s.point().levels().get(index).place()).toArray();
      panels.add(
          new EffectsPlot.Panel(
              axis.name(),
              marks(axis),
              axis.ordered(),
              places,
              few(axis),
              levels(complete, index, few(axis), scale)));
    }
    int epochs = search.firstRound().get(0).epochs();
    return EffectsPlot.draw(
        "Main effects: the score against each axis by itself"
            + (epochs == 0 ? "" : ", at epoch " + epochs),
        plan.config().objective().name(),
        scores,
        panels);
  }

  private static boolean few(Axis axis) {
    return axis.steps() > 0 && axis.steps() <= MOST_LEVELS;
  }

  private static List<ParallelPlot.Mark> marks(Axis axis) {
    return axis.marks().stream().map(m -> new ParallelPlot.Mark(m.place(), m.text())).toList();
  }

  private static double[] places(Point point) {
    return point.levels().stream().mapToDouble(Axis.Level::place).toArray();
  }

  /**
   * Means over the points of each level, or over groups of neighbouring points of about equal size.
   */
  private static List<EffectsPlot.Level> levels(
      List<PointScore> all, int axis, boolean few, Scale scale) {
    List<PointScore> sorted =
        all.stream()
            .sorted(Comparator.comparingDouble(s -> s.point().levels().get(axis).place()))
            .toList();
    List<EffectsPlot.Level> levels = new ArrayList<>();
    int from = 0;
    while (from < sorted.size()) {
      int to = from + 1;
      if (few) {
        while (to < sorted.size() && place(sorted.get(to), axis) == place(sorted.get(from), axis)) {
          to++;
        }
      } else {
        int groups = Math.max(1, Math.min(GROUPS, sorted.size() / GROUP));
        to = (int) ((levels.size() + 1L) * sorted.size() / groups);
      }
      levels.add(level(sorted.subList(from, to), axis, scale));
      from = to;
    }
    return levels;
  }

  private static double place(PointScore s, int axis) {
    return s.point().levels().get(axis).place();
  }

  /** The mean of the points' means; for a single point, the mean over its draws. */
  private static EffectsPlot.Level level(List<PointScore> group, int axis, Scale scale) {
    double[] scores =
        group.size() == 1
            ? group.get(0).values()
            : group.stream().mapToDouble(PointScore::mean).toArray();
    // The bootstrap is not used, so neither is its seed.
    Summary s = Summary.of(scores, 0, scale);
    double middle = group.stream().mapToDouble(p -> place(p, axis)).average().orElseThrow();
    return new EffectsPlot.Level(middle, s.mean(), s.ci95()[0], s.ci95()[1]);
  }
}
