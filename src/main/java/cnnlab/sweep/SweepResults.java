package cnnlab.sweep;

import cnnlab.data.Seeds;
import cnnlab.experiment.Claim;
import cnnlab.experiment.Statistics;
import cnnlab.sweep.SweepResult.Confirmation;
import cnnlab.sweep.SweepResult.PointResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes a sweep's result of what its trials said. */
final class SweepResults {
  private SweepResults() {}

  static SweepResult of(SweepPlan<?> plan, Search search, Stage stage) {
    SweepConfig config = plan.config();
    Standing best = search.best();
    List<PointResult> ranking = search.ranking().stream().map(s -> point(plan, s, best)).toList();
    List<Claim> claims = claims(plan, search);
    return new SweepResult(
        config.experiment(),
        config.task(),
        config.seed(),
        config.objective().name(),
        config.objective().maximise(),
        config.search().method().name().toLowerCase(Locale.ROOT),
        plan.points().size(),
        stage.ended().size(),
        stage.failed().size(),
        ranking.get(0),
        confirmation(plan, best.point(), stage),
        ranking,
        claims,
        Claim.verdicts(claims),
        stage.seconds());
  }

  private static PointResult point(SweepPlan<?> plan, Standing s, Standing best) {
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
        s.complete() ? summary(plan, plan.name(s.point()), s.values()) : null,
        comparable ? Statistics.paired(s.values(), best.values()) : null);
  }

  private static Statistics.Summary summary(SweepPlan<?> plan, String name, double[] values) {
    return Statistics.Summary.of(values, Seeds.derive(plan.config().seed(), "bootstrap-" + name));
  }

  /** Null when it was not asked for, or a trial of the best point failed. */
  private static Confirmation confirmation(SweepPlan<?> plan, Point best, Stage stage) {
    double[] ofBest = values(plan.confirmation(best), stage);
    if (ofBest.length == 0) {
      return null;
    }
    double[] ofBase = values(plan.confirmationOfBase(best), stage);
    return new Confirmation(
        plan.confirmationSeed(),
        summary(plan, "confirmation", ofBest),
        ofBase.length == 0 ? null : summary(plan, "confirmation-base", ofBase),
        ofBase.length == 0 ? null : Statistics.paired(ofBest, ofBase));
  }

  /** Empty when there are none, or not all have a value. */
  private static double[] values(List<Trial> trials, Stage stage) {
    double[] values = trials.stream().mapToDouble(stage::value).toArray();
    return Arrays.stream(values).allMatch(Double::isFinite) ? values : new double[0];
  }

  /** Comparisons of variants, those of which a trial failed left out; less is turned into more. */
  private static List<Claim> claims(SweepPlan<?> plan, Search search) {
    double sign = plan.config().objective().maximise() ? 1 : -1;
    Map<String, double[]> values = new LinkedHashMap<>();
    for (Standing s : search.first()) {
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
    return Claim.of(answerable, values::get);
  }
}
