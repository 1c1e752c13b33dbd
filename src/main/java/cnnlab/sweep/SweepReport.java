package cnnlab.sweep;

import cnnlab.console.FittedStream;
import cnnlab.experiment.Claim;
import cnnlab.metric.PairedComparison;
import cnnlab.metric.Summary;
import cnnlab.metric.Verdict;
import cnnlab.run.Run;
import cnnlab.store.RunDirectory;
import cnnlab.sweep.SweepResult.Confirmation;
import cnnlab.sweep.SweepResult.PointResult;
import cnnlab.sweep.space.Axis;
import cnnlab.sweep.space.Point;
import cnnlab.text.Enums;
import cnnlab.text.MarkdownReport;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes and prints the results of a sweep. */
final class SweepReport {
  private static final int PRINTED = 10;
  private static final int REPORTED = 200;

  private SweepReport() {}

  static void write(Run run, SweepPlan<?> plan, Search search, SweepResult result)
      throws IOException {
    RunDirectory directory = run.directory();
    directory.writeJson("result.json", result);
    directory.tryWritePng("parallel.png", mark -> SweepPlots.parallel(plan, search).png(mark));
    directory.tryWritePng("effects.png", mark -> SweepPlots.effects(plan, search).png(mark));
    BestFile.write(directory, run.shown(), plan, result);
    directory.writeReport(markdown(run, plan, search, result));
    run.finishProvenance();
  }

  static void print(PrintStream out, SweepPlan<?> plan, SweepResult result, Run run) {
    out.println();
    out.println(ranking(plan, result, PRINTED));
    if (result.ranking().size() > PRINTED) {
      out.printf("and %s more in report.md%n%n", result.ranking().size() - PRINTED);
    }
    Claim.print(out, result.claims());
    if (result.diverged() > 0) {
      out.printf(
          "%s diverged without a score; trials.csv says where.%n",
          TrialRunner.trials(result.diverged()));
    }
    FittedStream.prose(out, warning(plan, result));
    if (result.confirmation() != null) {
      out.println();
      out.println(confirmation(result));
      if (!run.isTrial()) {
        FittedStream.prose(out, verdict(plan, result));
      }
    }
    out.printf("The best point as an experiment: %s%n", run.shown().resolve(BestFile.NAME));
    out.printf("Results are in %s%n", run.shown());
  }

  /** The points of a plan. */
  static void printPlan(PrintStream out, SweepPlan<?> plan) {
    TextTable table = new TextTable().left("point");
    plan.space().axes().forEach(axis -> table.left(axis.name()));
    for (Point point : plan.points()) {
      table.row(
          row(plan.name(point), point.levels().stream().map(Axis.Level::text).toList(), List.of()));
    }
    out.println(table);
    int repetitions = plan.config().repetitions();
    int again = plan.config().confirm().repetitions();
    // There are none if the best point is the base configuration.
    boolean base = !plan.confirmationOfBase(plan.points().get(0)).isEmpty();
    out.printf(
        "%s of %s, %s by %s: %s points x %s = %s%s%s%n",
        plan.config().experiment(),
        plan.task().name(),
        Enums.label(plan.config().objective().goal()),
        plan.config().objective().name(),
        plan.points().size(),
        repetitions,
        TrialRunner.trials(plan.points().size() * repetitions),
        plan.config().halving().isEmpty()
            ? ""
            : ", the worse half dropped at epochs " + plan.config().halving(),
        again == 0
            ? ""
            : ", and %s of the best point on fresh draws%s"
                .formatted(
                    TrialRunner.trials(again),
                    base ? ", and as many of the base configuration" : ""));
  }

  private static TextTable ranking(SweepPlan<?> plan, SweepResult result, int most) {
    TextTable table = new TextTable().left("point");
    plan.space().axes().forEach(axis -> table.left(axis.name()));
    table
        .right("n")
        .right(result.objective())
        .left("95 % interval")
        .right("difference to best")
        .left("its 95 % interval");
    for (PointResult p : result.ranking().subList(0, Math.min(most, result.ranking().size()))) {
      table.row(
          row(
              plan.name(plan.points().get(p.point() - 1)),
              List.copyOf(p.levels().values()),
              scores(p)));
    }
    return table;
  }

  private static List<String> scores(PointResult p) {
    if (p.score() == null) {
      return List.of("", p.diverged() > 0 ? "diverged" : "failed", "", "", "");
    }
    return List.of(
        String.valueOf(p.score().n()),
        Numbers.fixed(p.score().mean(), 4),
        Numbers.interval(p.score().ci95(), 4),
        p.toBest() == null ? "" : Numbers.fixed(p.toBest().meanDifference(), 4),
        p.toBest() != null
            ? Numbers.interval(p.toBest().ci95(), 4)
            : p.epochs() == 0 ? "" : "dropped at epoch " + p.epochs());
  }

  private static String[] row(String first, List<String> middle, List<String> last) {
    return Stream.of(List.of(first), middle, last).flatMap(List::stream).toArray(String[]::new);
  }

  /** Why the score of the search should not be reported. */
  private static String warning(SweepPlan<?> plan, SweepResult result) {
    return "Point %s is the best of the %s points in the search, with a mean %s of %s. Part of that is luck: the best of many points looks better than it is. %s"
        .formatted(
            result.best().point(),
            result.points(),
            result.objective(),
            Numbers.fixed(result.best().score().mean(), 4),
            result.confirmation() != null
                ? "Report its score on fresh draws:"
                : (plan.config().confirm().repetitions() == 0
                        ? "It was not trained again on fresh draws, so there is no number to report; set confirm.repetitions."
                        : "It was trained again on fresh draws, but no training completed (trials.csv says why), so there is no number to report.")
                    + (result.claims().isEmpty()
                        ? ""
                        : " The claims name their variants in advance, so selection does not affect their verdicts."));
  }

  private static TextTable confirmation(SweepResult result) {
    Confirmation c = result.confirmation();
    TextTable table =
        new TextTable()
            .left("on fresh draws")
            .right("n")
            .right(result.objective())
            .right("sd")
            .left("95 % interval");
    summary(table, "point " + result.best().point(), c.best());
    if (c.base() != null) {
      summary(table, "base configuration", c.base());
    }
    return table;
  }

  private static void summary(TextTable table, String name, Summary s) {
    table.row(
        name,
        String.valueOf(s.n()),
        Numbers.fixed(s.mean(), 4),
        Numbers.spread(s.sd(), 4),
        Numbers.interval(s.ci95(), 4));
  }

  /** The result of the comparison with the base configuration. */
  private static String verdict(SweepPlan<?> plan, SweepResult result) {
    Confirmation c = result.confirmation();
    int asked = plan.config().confirm().repetitions();
    Point best = plan.points().get(result.best().point() - 1);
    int ofBase =
        c.base() != null ? c.base().n() : plan.confirmationOfBase(best).isEmpty() ? asked : 0;
    String missing =
        c.best().n() == asked && ofBase == asked
            ? ""
            : " Of the %s trials requested of each, %s of the best point and %s of the base configuration completed (trials.csv says why)."
                .formatted(asked, c.best().n(), ofBase);
    double shrinkage = c.best().mean() - result.best().score().mean();
    String against = c.gain() == null ? "" : " " + gain(c.gain(), result.maximise());
    return "On fresh draws the mean of the best point is %s by %s than in the search.%s%s"
        .formatted(
            shrinkage < 0 ? "lower" : "higher",
            Numbers.fixed(Math.abs(shrinkage), 4),
            against,
            missing);
  }

  private static String gain(PairedComparison gain, boolean maximise) {
    Verdict better = maximise ? Verdict.SUPPORTED : Verdict.NOT_SUPPORTED;
    return "Its difference to the base configuration, draw by draw, is %s (95 %% interval %s), so it is %s."
        .formatted(
            Numbers.fixed(gain.meanDifference(), 4),
            Numbers.interval(gain.ci95(), 4),
            gain.verdict() == Verdict.UNDECIDED
                ? "not shown to be better"
                : gain.verdict() == better ? "better" : "worse");
  }

  /** The numbers of failed and diverged trials. */
  private static String ended(SweepResult result) {
    if (result.failed() == 0 && result.diverged() == 0) {
      return "none failed or diverged";
    }
    return Stream.of(
                result.failed() == 0 ? "" : TrialRunner.trials(result.failed()) + " failed",
                result.diverged() == 0 ? "" : TrialRunner.trials(result.diverged()) + " diverged")
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(", "))
        + " (trials.csv says where and why)";
  }

  private static MarkdownReport markdown(
      Run run, SweepPlan<?> plan, Search search, SweepResult result) {
    MarkdownReport report =
        new MarkdownReport()
            .heading(1, "Sweep: " + result.experiment())
            .paragraph(
                "%s of %s: %s (%s), %s of each point on shared draws (random choices of training images); %s; %s of computing time. All scores are on validation images; no test image was used."
                    .formatted(
                        TrialRunner.trials(result.trials()),
                        result.task(),
                        Numbers.counted(result.points(), "point"),
                        result.method(),
                        Numbers.counted(plan.config().repetitions(), "repetition"),
                        ended(result),
                        Numbers.duration(Duration.ofSeconds(Math.round(result.trialSeconds())))))
            .paragraph(warning(plan, result));
    if (result.confirmation() != null) {
      report.table(confirmation(result));
      if (!run.isTrial()) {
        report.paragraph(verdict(plan, result));
      }
    }
    report
        .heading(2, "All points")
        .table(ranking(plan, result, REPORTED))
        .paragraph(
            "Differences are between trainings on the same draws; their intervals are not corrected for the number of points compared.")
        .image("Parallel coordinates", "parallel.png")
        .heading(2, "Main effects")
        .paragraph(
            search.firstRound().get(0).epochs() == 0
                ? "Each dot is a point. The means are taken over all points with the same level; for a single point, over its draws."
                : "Each dot is a point at the first halving, when all points could be compared. The means are taken over all points with the same level; for a single point, over its draws.")
        .image("Main effects", "effects.png");
    Claim.addTo(
        report,
        result.maximise() ? "Claims" : "Claims (signs of differences reversed: above 0 is better)",
        result.claims());
    report
        .heading(2, "How to repeat it")
        .code(
            "sh",
            """
            ./cnnlab sweep RUN/config.yaml                 # the whole sweep
            ./cnnlab sweep RUN/config.yaml --trial %s     # one trial, bit-identical
            ./cnnlab %s --config RUN/best.yaml          # the best point, and its test accuracy\
            """
                .formatted(plan.trials(plan.points(), 0).get(0).id(), result.task()));
    return report;
  }
}
