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
 * Every claim of the lab report that is known, each with the rule that judges it. The words are the
 * report's, as the project's issues and experiments quote them; evidence and verdict are computed
 * from {@code result.json} and {@code crosscheck.csv} of the runs.
 */
final class LabClaims {
  private static final double MAX_LOSS_DIFFERENCE = 1e-6;

  /**
   * Of the largest output of a random layer. Chosen, for runs recorded before checks had bounds
   * that are derived; {@link #checked} judges all others by their own.
   */
  private static final double MAX_RELATIVE_DIFFERENCE = 1e-5;

  /**
   * Task 2's mean accuracy: less than the smallest effect of any of the report's methods (batch
   * normalisation, 0.022 in {@code task2-ablation}): an implementation nearer to the report's than
   * that misses none of them. The report's five runs by themselves leave ±0.028, so that no number
   * of ours can show that theirs is the same; only that it is not.
   */
  static final double TASK2_MARGIN = 0.02;

  /**
   * Task 2's variance: a factor of two. An interval of the same width then needs twice as many
   * runs; less than that changes nothing about how many are enough.
   */
  static final double TASK2_VARIANCE_FACTOR = 2;

  /** Task 3's accuracy: one unit of the last digit of "about 0.79", which claims nothing finer. */
  static final double TASK3_MARGIN = 0.01;

  /** As the verdict on purple, the documentation and the ROC plots measure it. */
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

  /** A finding of a rule. */
  record Finding(String evidence, Verdict verdict) {}

  /** A pair of variants, the one that a claim holds to be better first. */
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
        "A convolution from scratch gives the library's output: the absolute differences of one random layer on one image add up to %s."
            .formatted(Numbers.scientific(LabReport.CONVOLUTION_DIFFERENCE)),
        "task1",
        runs.evidence(RunKind.TASK1, "task1"),
        LabClaims::convolution);
    judge(
        1,
        "So does every other kind of layer.",
        "task1",
        runs.evidence(RunKind.TASK1, "task1").filter(run -> !randomLayers(run).isEmpty()),
        LabClaims::layers);
    judge(
        1,
        "With the library's weights the network from scratch has the same loss and accuracy.",
        "task1",
        runs.evidence(RunKind.TASK1, "task1"),
        LabClaims::scores);
  }

  private void task2() {
    Optional<RecordedRun> report = runs.evidence(RunKind.TASK2, "task2-report");
    judge(
        2,
        "The own implementation learns as the library does (the report trains only its own).",
        "parity",
        runs.evidence(RunKind.PARITY, "parity"),
        this::parity);
    judge(
        2,
        "128 training images give a mean test accuracy of %s."
            .formatted(Numbers.fixed(LabReport.task2Mean(), 4)),
        "task2-report",
        report,
        LabClaims::mean);
    judge(
        2,
        "From draw to draw it varies with a population variance of %s."
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
        "Flips hurt: they turn digits into others.",
        ABLATION_2,
        new Pair("augmentation", "with-flips"));
    compare(2, "Large rotations hurt.", ABLATION_2, new Pair("augmentation", "large-rotation"));
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
        "It classifies patches with an accuracy of about %s."
            .formatted(Numbers.fixed(LabReport.TASK3_ACCURACY, 2)),
        "task3-report",
        report,
        LabClaims::accuracyOfPatches);
    compare(
        3,
        "Rotation does not help: interpolation is too coarse for patches of 32 pixels. (Judged as: it hurts.)",
        ABLATION_3,
        new Pair("flips", "any-angle"));
    compare(
        3,
        "Brightness and contrast help less than expected. (Judged as: less than flips do.)",
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
        "A tonal range between purple and white is worth exploring. (Judged as: it helps.)",
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

  /** A claim that holds if each of the pairs shows it. */
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
        "%s here".formatted(Numbers.scientific(sum)),
        checked(run, "random convolution", sum <= LabReport.CONVOLUTION_DIFFERENCE));
  }

  /**
   * A run's own checks have bounds that are derived; runs made before these are judged by limits
   * that were chosen.
   *
   * @param checks how the names of the checks begin that decide
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
        "%s: largest difference %s of the largest output"
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
            .map(c -> "; accuracy from 128 images, from scratch − DL4J: " + signed(c.difference()))
            .orElse("");
    return new Finding(
        "%s steps from the same weights on the same batches: losses differ by at most %s, parameters by %s%s"
            .formatted(
                Numbers.count(run.result().path("steps").asLong()),
                Numbers.scientific(number(run.result().path("maxLossDifference"))),
                Numbers.scientific(number(run.result().path("maxParameterDifference"))),
                accuracies),
        run.result().path("passed").asBoolean() ? Verdict.SUPPORTED : Verdict.NOT_SUPPORTED);
  }

  /** The difference to the report's own five runs, both with their spread. */
  static Finding mean(RecordedRun run) {
    Estimate ours = Estimate.of(run.result());
    Estimate difference =
        Estimate.ofDifference(Estimate.sample(run.result()), LabReport.task2Sample());
    return new Finding(
        "%s; ours − the report's: %s; the same would be within ±%s"
            .formatted(ours.text(), signed(difference), Numbers.fixed(TASK2_MARGIN, 2)),
        difference.within(TASK2_MARGIN));
  }

  /**
   * The ratio of two variances of normal samples, by the F distribution. A population variance is
   * smaller for fewer runs, so ours is given for as many as the report has.
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
        "%s (n = %s); ours / the report's: %s (%s to %s); the same would be within %s to %s"
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
        Numbers.count(parameters) + " parameters here",
        parameters == LabReport.TASK3_PARAMETERS ? Verdict.REPRODUCED : Verdict.NOT_REPRODUCED);
  }

  /** An accuracy on other patches than the report's neither repeats nor refutes the report's. */
  static Finding accuracyOfPatches(RecordedRun run) {
    Estimate ours = Estimate.of(run.result().path("validation").path("accuracy"));
    int trained = run.result().path("patches").path("train").asInt();
    if (trained < LabReport.TASK3_PATCHES) {
      return new Finding(
          "%s; trained on %s patches instead of about %s, and validated on others than the report's"
              .formatted(
                  ours.text(), Numbers.count(trained), Numbers.count(LabReport.TASK3_PATCHES)),
          Verdict.UNDECIDED);
    }
    return new Finding(
        "%s; the same would be within %s ± %s"
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

  /** The one measure of purple that everything speaks of: {@code cnnlab.data.patch.Purpleness}. */
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
        "purple as the mean of R − G (pinkness) is %s in tumours; alone it has an area under the ROC curve of %s (%s to %s over patches; 0.5 is chance)"
            .formatted(
                more ? "higher" : "lower",
                Numbers.fixed(number(feature.path("validationAuc")), 4),
                Numbers.fixed(low, 4),
                Numbers.fixed(high, 4)),
        verdict);
  }
}
