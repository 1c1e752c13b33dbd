package cnnlab.report.claim;

import static cnnlab.report.Estimate.number;

import cnnlab.metric.Intervals;
import cnnlab.metric.Intervals.Sample;
import cnnlab.metric.Verdict;
import cnnlab.report.Estimate;
import cnnlab.report.RunKind;
import cnnlab.report.claim.Runs.Comparison;
import cnnlab.text.Numbers;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * All known claims of the lab report, each with the rule that judges it. The wording follows the
 * lab report, as quoted in the project's issues and experiments; evidence and verdict are computed
 * from {@code result.json} and {@code crosscheck.csv} of the runs.
 */
final class LabClaims {
  private static final double MAX_LOSS_DIFFERENCE = 1e-6;

  /**
   * Limit relative to the largest output of a random layer. It was chosen by hand, for runs
   * recorded before checks had derived bounds; {@link #checked} judges all other runs by their own
   * bounds.
   */
  private static final double MAX_RELATIVE_DIFFERENCE = 1e-5;

  /**
   * Margin of equivalence for Task 2's mean accuracy: smaller than the smallest effect of any
   * method of the lab report (batch normalisation, 0.022 in {@code task2-ablation}), so that an
   * implementation within this margin reproduces all of these effects. The five runs of the lab
   * report alone have an uncertainty of ±0.028, so our runs cannot show that the means are equal,
   * only that they differ.
   */
  static final double TASK2_MARGIN = 0.02;

  /**
   * Margin of equivalence for Task 2's variance: a factor of two. With twice the variance an
   * interval of the same width needs twice as many runs; smaller factors do not change how many
   * runs are enough.
   */
  static final double TASK2_VARIANCE_FACTOR = 2;

  /** Margin of equivalence for Task 3's accuracy: one unit of the last digit of "about 0.79". */
  static final double TASK3_MARGIN = 0.01;

  /** The measure of purple that the verdict, the documentation and the ROC plots use. */
  private static final String PURPLE = "pinkness";

  private static final String BY_ACCURACY = "claims";
  private static final String BY_AUC = "claimsByAuc";
  private static final String ABLATION_2 = "task2-ablation";
  private static final String ABLATION_3 = "task3-ablation";

  private final Runs runs;
  private final List<LabClaim> claims = new ArrayList<>();

  private LabClaims(Runs runs) {
    this.runs = runs;
  }

  /** The evidence and verdict that a rule gives. */
  record Finding(String evidence, Verdict verdict) {}

  /** A pair of variants; a claim states that the first is better. */
  private record Pair(String better, String worse) {}

  /** All claims, in the order of the tasks. */
  static List<LabClaim> of(Runs runs) {
    LabClaims all = new LabClaims(runs);
    all.task1();
    all.task2();
    all.task3();
    return List.copyOf(all.claims);
  }

  private void task1() {
    judge(
        1,
        "A convolution written from scratch gives the library's output: the absolute differences for one random layer and one image add up to %s."
            .formatted(Numbers.scientific(LabReport.CONVOLUTION_DIFFERENCE)),
        "task1",
        runs.evidence(RunKind.TASK1, "task1"),
        LabClaims::convolution);
    judge(
        1,
        "Every other kind of layer also gives the library's output.",
        "task1",
        runs.evidence(RunKind.TASK1, "task1").filter(run -> !randomLayers(run).isEmpty()),
        LabClaims::layers);
    judge(
        1,
        "With the library's weights, the network from scratch has the same loss and accuracy.",
        "task1",
        runs.evidence(RunKind.TASK1, "task1"),
        LabClaims::scores);
  }

  private void task2() {
    Optional<RecordedRun> report = runs.evidence(RunKind.TASK2, "task2-report");
    judge(
        2,
        "The implementation from scratch learns like the library (the lab report trains only its own implementation).",
        "parity",
        runs.evidence(RunKind.PARITY, "parity"),
        this::parity);
    judge(
        2,
        "Training on 128 images gives a mean test accuracy of %s."
            .formatted(Numbers.fixed(LabReport.task2Mean(), 4)),
        "task2-report",
        report,
        LabClaims::mean);
    judge(
        2,
        "Between draws (random choices of training images) the test accuracy varies with a population variance of %s."
            .formatted(Numbers.scientific(LabReport.task2PopulationVariance())),
        "task2-report",
        report,
        LabClaims::variance);
    compare(2, "Augmentation helps.", ABLATION_2, new Pair("augmentation", "none"));
    compare(
        2,
        "Augmentation gives the most significant increase in accuracy.",
        ABLATION_2,
        new Pair("augmentation", "dropout"),
        new Pair("augmentation", "batch-norm"));
    compare(2, "Dropout helps.", ABLATION_2, new Pair("dropout", "none"));
    compare(2, "Batch normalisation helps.", ABLATION_2, new Pair("batch-norm", "none"));
    compare(
        2,
        "Flips reduce the accuracy, because they turn digits into other digits.",
        ABLATION_2,
        new Pair("augmentation", "with-flips"));
    compare(
        2,
        "Large rotations reduce the accuracy.",
        ABLATION_2,
        new Pair("augmentation", "large-rotation"));
  }

  private void task3() {
    Optional<RecordedRun> report = runs.evidence(RunKind.TASK3, "task3-report");
    judge(
        3,
        "The network described has %s parameters."
            .formatted(Numbers.count(LabReport.TASK3_PARAMETERS)),
        "task3-report",
        report,
        LabClaims::parameters);
    judge(
        3,
        "The network classifies patches with an accuracy of about %s."
            .formatted(Numbers.fixed(LabReport.TASK3_ACCURACY, 2)),
        "task3-report",
        report,
        LabClaims::accuracyOfPatches);
    compare(
        3,
        "Rotation does not help, because interpolation is too coarse for patches of 32 × 32 pixels. (Judged as: rotation reduces the accuracy.)",
        ABLATION_3,
        new Pair("flips", "any-angle"));
    compare(
        3,
        "Brightness and contrast help less than expected. (Judged as: they help less than flips.)",
        ABLATION_3,
        new Pair("flips", "tone-only"));
    judge(
        3,
        "Patches with tumour look more purple.",
        "task3-report",
        runs.all().stream()
            .filter(run -> run.kind() == RunKind.TASK3 && run.isEvidence())
            .filter(run -> purple(run) != null)
            .findFirst(),
        run -> purple(purple(run)));
    compare(
        3,
        "A tonal range between purple and white is worth exploring. (Judged as: it increases the accuracy.)",
        ABLATION_3,
        new Pair("tonal-range", "flips"));
    compare(
        3,
        "The tonal range helps more than brightness and contrast.",
        ABLATION_3,
        new Pair("tonal-range", "tone"));
  }

  private void judge(
      int task,
      String claim,
      String experiment,
      Optional<RecordedRun> run,
      Function<RecordedRun, Finding> rule) {
    claims.add(
        run.map(
                found -> {
                  Finding finding = rule.apply(found);
                  return new LabClaim(
                      task, claim, experiment, found, finding.evidence(), finding.verdict());
                })
            .orElseGet(() -> LabClaim.open(task, claim, experiment)));
  }

  /** Adds a claim that holds if every pair supports it. */
  private void compare(int task, String claim, String experiment, Pair... pairs) {
    RunKind kind = task == 2 ? RunKind.TASK2 : RunKind.TASK3;
    List<String> evidence = new ArrayList<>();
    RecordedRun run = null;
    Verdict verdict = null;
    for (Pair pair : pairs) {
      Optional<Comparison> found =
          runs.comparison(kind, experiment, BY_ACCURACY, pair.better(), pair.worse());
      if (found.isEmpty()) {
        claims.add(LabClaim.open(task, claim, experiment));
        return;
      }
      Estimate difference = found.get().difference();
      run = found.get().run();
      verdict = verdict == null ? difference.aboveZero() : verdict.and(difference.aboveZero());
      evidence.add(
          "%s − %s: accuracy %s".formatted(pair.better(), pair.worse(), signed(difference)));
      runs.comparison(kind, experiment, BY_AUC, pair.better(), pair.worse())
          .ifPresent(auc -> evidence.add("area under the ROC curve " + signed(auc.difference())));
    }
    claims.add(
        new LabClaim(task, claim, run.experiment(), run, String.join("; ", evidence), verdict));
  }

  private static String signed(Estimate e) {
    return (e.mean() > 0 ? "+" : "") + e.text();
  }

  private static Finding convolution(RecordedRun run) {
    double sum = number(run.result().path("convSumAbsDifference"));
    return new Finding(
        "%s in our run".formatted(Numbers.scientific(sum)),
        checked(run, "random convolution", sum <= LabReport.CONVOLUTION_DIFFERENCE));
  }

  /**
   * Judges a run by the derived bounds of its own checks, or, for runs recorded before these
   * existed, by a chosen limit.
   *
   * @param checks regular expression for the beginning of the names of the deciding checks
   * @param chosen whether the chosen limit is met
   */
  private static Verdict checked(RecordedRun run, String checks, boolean chosen) {
    boolean derived = false;
    boolean passed = true;
    for (JsonNode check : run.result().path("checks")) {
      if (check.has("bound") && check.path("name").asText().matches("(" + checks + ").*")) {
        derived = true;
        passed &= check.path("passed").asBoolean();
      }
    }
    return (derived ? passed : chosen) ? Verdict.REPRODUCED : Verdict.NOT_REPRODUCED;
  }

  private static List<CsvRow> randomLayers(RecordedRun run) {
    return run.layers().stream().filter(row -> row.text("scope").equals("random-layer")).toList();
  }

  private static Finding layers(RecordedRun run) {
    List<CsvRow> rows = randomLayers(run);
    double largest = rows.stream().mapToDouble(row -> row.number("relative")).max().orElseThrow();
    return new Finding(
        "%s: the largest difference is %s of the largest output"
            .formatted(
                String.join(", ", rows.stream().map(row -> row.text("layer")).toList()),
                Numbers.scientific(largest)),
        checked(run, "random layers", largest <= MAX_RELATIVE_DIFFERENCE));
  }

  private static Finding scores(RecordedRun run) {
    JsonNode library = run.result().path("library");
    JsonNode scratch = run.result().path("scratch");
    double loss = Math.abs(number(library.path("testLoss")) - number(scratch.path("testLoss")));
    double a = number(library.path("testAccuracy"));
    double b = number(scratch.path("testAccuracy"));
    return new Finding(
        "test loss %s and %s, accuracy %s and %s on %s images"
            .formatted(
                Numbers.fixed(number(library.path("testLoss")), 6),
                Numbers.fixed(number(scratch.path("testLoss")), 6),
                Numbers.fixed(a, 4),
                Numbers.fixed(b, 4),
                Numbers.count(run.result().path("images").path("test").asLong())),
        checked(run, "loss|accuracy", loss <= MAX_LOSS_DIFFERENCE && a == b));
  }

  private Finding parity(RecordedRun run) {
    String accuracies =
        runs.comparison(RunKind.TASK2, "task2-engines", BY_ACCURACY, "scratch", "dl4j")
            .map(
                c ->
                    "; accuracy with 128 training images, from scratch − DL4J: "
                        + signed(c.difference()))
            .orElse("");
    return new Finding(
        "after %s steps from the same weights on the same batches, losses differ by at most %s and parameters by at most %s%s"
            .formatted(
                Numbers.count(run.result().path("steps").asLong()),
                Numbers.scientific(number(run.result().path("maxLossDifference"))),
                Numbers.scientific(number(run.result().path("maxParameterDifference"))),
                accuracies),
        run.result().path("passed").asBoolean() ? Verdict.SUPPORTED : Verdict.NOT_SUPPORTED);
  }

  /**
   * Judges the difference to the five runs of the lab report, taking the spread of both into
   * account.
   */
  static Finding mean(RecordedRun run) {
    Estimate ours = Estimate.of(run.result());
    Estimate difference =
        Estimate.ofDifference(Estimate.sample(run.result()), LabReport.task2Sample());
    return new Finding(
        "%s; difference to the lab report: %s; equivalent if within ±%s"
            .formatted(ours.text(), signed(difference), Numbers.fixed(TASK2_MARGIN, 2)),
        difference.within(TASK2_MARGIN));
  }

  /**
   * Judges the ratio of the variances of two normal samples, by the F distribution. The expected
   * population variance depends on the number of runs, so ours is converted to the number of runs
   * of the lab report.
   */
  private static Finding variance(RecordedRun run) {
    Sample ours = Estimate.sample(run.result());
    Sample report = LabReport.task2Sample();
    if (ours.n() < Intervals.LEAST_RUNS) {
      return new Finding(
          "%s runs are too few for an interval".formatted(ours.n()), Verdict.UNDECIDED);
    }
    double population = ours.sd() * ours.sd() * (report.n() - 1) / report.n();
    double[] ratio = Intervals.ofVarianceRatio(ours, report);
    return new Finding(
        "%s (n = %s); ratio to the lab report: %s (%s to %s); equivalent if within %s to %s"
            .formatted(
                Numbers.scientific(population),
                ours.n(),
                Numbers.fixed(population / LabReport.task2PopulationVariance(), 2),
                Numbers.fixed(ratio[0], 2),
                Numbers.fixed(ratio[1], 2),
                Numbers.fixed(1 / TASK2_VARIANCE_FACTOR, 1),
                Numbers.fixed(TASK2_VARIANCE_FACTOR, 1)),
        Verdict.ofEquivalence(
            ratio[0], ratio[1], 1 / TASK2_VARIANCE_FACTOR, TASK2_VARIANCE_FACTOR));
  }

  private static Finding parameters(RecordedRun run) {
    int parameters = run.result().path("parameters").asInt();
    return new Finding(
        Numbers.count(parameters) + " parameters in our network",
        parameters == LabReport.TASK3_PARAMETERS ? Verdict.REPRODUCED : Verdict.NOT_REPRODUCED);
  }

  /**
   * Judges the accuracy. An accuracy on other patches than those of the lab report neither
   * reproduces nor refutes it.
   */
  static Finding accuracyOfPatches(RecordedRun run) {
    Estimate ours = Estimate.of(run.result().path("validation").path("accuracy"));
    int trained = run.result().path("patches").path("train").asInt();
    if (trained < LabReport.TASK3_PATCHES) {
      return new Finding(
          "%s; trained on %s patches instead of about %s, and validated on other patches than the lab report"
              .formatted(
                  ours.text(), Numbers.count(trained), Numbers.count(LabReport.TASK3_PATCHES)),
          Verdict.UNDECIDED);
    }
    return new Finding(
        "%s; equivalent if within %s ± %s"
            .formatted(
                ours.text(),
                Numbers.fixed(LabReport.TASK3_ACCURACY, 2),
                Numbers.fixed(TASK3_MARGIN, 2)),
        Verdict.ofEquivalence(
            ours.low(),
            ours.high(),
            LabReport.TASK3_ACCURACY - TASK3_MARGIN,
            LabReport.TASK3_ACCURACY + TASK3_MARGIN));
  }

  /** The feature {@link #PURPLE} of a run, or null; see {@code cnnlab.data.patch.Purpleness}. */
  private static JsonNode purple(RecordedRun run) {
    return StreamSupport.stream(run.result().path("purple").spliterator(), false)
        .filter(feature -> feature.path("feature").asText().equals(PURPLE))
        .findFirst()
        .orElse(null);
  }

  private static Finding purple(JsonNode feature) {
    double low = number(feature.path("patches95").path(0));
    double high = number(feature.path("patches95").path(1));
    boolean more = feature.path("moreIsTumour").asBoolean();
    Verdict verdict = Verdict.UNDECIDED;
    if (low > 0.5) {
      verdict = more ? Verdict.SUPPORTED : Verdict.NOT_SUPPORTED;
    }
    return new Finding(
        "the mean of R − G (pinkness), our measure of purple, is %s in tumours; as the only feature it has an area under the ROC curve of %s (%s to %s over patches; 0.5 is chance)"
            .formatted(
                more ? "higher" : "lower",
                Numbers.fixed(number(feature.path("validationAuc")), 4),
                Numbers.fixed(low, 4),
                Numbers.fixed(high, 4)),
        verdict);
  }
}
