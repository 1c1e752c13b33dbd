package cnnlab.sweep;

import cnnlab.data.Seeds;
import cnnlab.experiment.Claim;
import cnnlab.metric.PairedComparison;
import cnnlab.metric.Scale;
import cnnlab.metric.Summary;
import cnnlab.sweep.SweepResult.Confirmation;
import cnnlab.sweep.SweepResult.PointResult;
import cnnlab.sweep.space.Point;
import cnnlab.text.Enums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Computes a sweep's result from the outcomes of its trials. */
final class SweepResults {
  private SweepResults() {}

  /**
   * @param trial whether the sweep is a trial run, which has no verdicts
   */
  static SweepResult of(SweepPlan<?> plan, Search search, TrialRunner runner, boolean trial) {
    SweepConfig config = plan.config();
    PointScore best = search.best();
    List<PointResult> ranking =
        search.ranking().stream().map(s -> point(plan, s, best, runner)).toList();
    List<Claim> claims = trial ? List.of() : claims(plan, search);
    return new SweepResult(
        config.experiment(),
        config.task(),
        config.seed(),
        config.objective().name(),
        config.objective().maximise(),
        Enums.label(config.search().method()),
        plan.points().size(),
        runner.ended().size(),
        runner.failed().size(),
        runner.diverged().size(),
        ranking.get(0),
        confirmation(plan, best.point(), runner),
        ranking,
        claims,
        Claim.verdicts(claims),
        runner.seconds());
  }

  private static PointResult point(
      SweepPlan<?> plan, PointScore s, PointScore best, TrialRunner runner) {
    Map<String, String> levels = new LinkedHashMap<>();
    for (int a = 0; a < plan.space().axes().size(); a++) {
      levels.put(plan.space().axes().get(a).name(), s.point().levels().get(a).text());
    }
    boolean comparable =
        s.complete() && s.epochs() == best.epochs() && !s.point().equals(best.point());
    return new PointResult(
        s.point().number(),
        levels,
        s.epochs(),
        (int)
            IntStream.rangeClosed(1, s.values().length)
                .filter(r -> runner.diverged(plan.trial(s.point(), r, s.epochs())))
                .count(),
        s.complete() ? summary(plan, plan.name(s.point()), s.values()) : null,
        comparable ? PairedComparison.of(s.values(), best.values(), scale(plan)) : null);
  }

  private static Summary summary(SweepPlan<?> plan, String name, double[] values) {
    return Summary.of(values, Seeds.derive(plan.config().seed(), "bootstrap-" + name), scale(plan));
  }

  /**
   * The scores of the completed confirmation trials; null if no confirmation was requested or none
   * of the best point's trials completed.
   */
  private static Confirmation confirmation(SweepPlan<?> plan, Point best, TrialRunner runner) {
    double[] ofBest = plan.confirmation(best).stream().mapToDouble(runner::value).toArray();
    double[] ofBase = plan.confirmationOfBase(best).stream().mapToDouble(runner::value).toArray();
    if (finite(ofBest).length == 0) {
      return null;
    }
    // The draws on which both have a score.
    int[] both =
        IntStream.range(0, Math.min(ofBest.length, ofBase.length))
            .filter(i -> Double.isFinite(ofBest[i]) && Double.isFinite(ofBase[i]))
            .toArray();
    return new Confirmation(
        plan.confirmationSeed(),
        summary(plan, "confirmation", finite(ofBest)),
        finite(ofBase).length == 0 ? null : summary(plan, "confirmation-base", finite(ofBase)),
        both.length == 0
            ? null
            : PairedComparison.of(at(ofBest, both), at(ofBase, both), scale(plan)));
  }

  private static Scale scale(SweepPlan<?> plan) {
    return Scale.ofScore(plan.config().objective().name());
  }

  private static double[] finite(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).toArray();
  }

  private static double[] at(double[] values, int[] indices) {
    return Arrays.stream(indices).mapToDouble(i -> values[i]).toArray();
  }

  /** Comparisons of variants without failed trials. If lower is better, signs are reversed. */
  private static List<Claim> claims(SweepPlan<?> plan, Search search) {
    double sign = plan.config().objective().maximise() ? 1 : -1;
    Map<String, double[]> values = new LinkedHashMap<>();
    for (PointScore s : search.firstRound()) {
      if (s.complete()) {
        values.put(s.point().text(), Arrays.stream(s.values()).map(v -> sign * v).toArray());
      }
    }
    List<Map<String, Object>> answerable = new ArrayList<>();
    for (Map<String, Object> claim : plan.claims()) {
      if (values.containsKey((String) claim.get("better"))
          && values.containsKey((String) claim.get("worse"))) {
        answerable.add(claim);
      }
    }
    return Claim.of(answerable, values::get, scale(plan));
  }
}
