package cnnlab.report.claim;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.metric.Verdict;
import cnnlab.report.Estimate;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verdicts follow the numbers in the files. */
class LabClaimsTest {
  private static final List<String> TASK1_CLAIMS =
      List.of("add up to 8.314e-5", "Every other kind", "same loss and accuracy");

  @TempDir Path temp;

  private static List<LabClaim> claims(Path... directories) throws IOException {
    List<RecordedRun> runs = new ArrayList<>();
    for (Path directory : directories) {
      runs.add(RunReader.read(directory, RunCopies.HOME));
    }
    return LabClaims.of(new Runs(runs));
  }

  private static Verdict verdict(List<LabClaim> claims, String words) {
    return claims.stream()
        .filter(claim -> claim.claim().contains(words))
        .map(LabClaim::verdict)
        .reduce(
            (a, b) -> {
              throw new AssertionError("two claims with " + words);
            })
        .orElseThrow();
  }

  private Path changed(String run, Consumer<ObjectNode> change) throws IOException {
    Path copy = RunCopies.copy(run, temp.resolve(run));
    RunCopies.change(copy, "result.json", change);
    return copy;
  }

  @Test
  void claimsWithoutRunsNameTheCommand() throws IOException {
    assertThat(claims())
        .hasSize(19)
        .allSatisfy(
            claim -> {
              assertThat(claim.verdict()).isEqualTo(Verdict.NOT_RECORDED);
              assertThat(claim.run()).isNull();
              assertThat(claim.evidence()).startsWith("Run ./cnnlab ");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "random convolution, add up to 8.314e-5",
    "random layers, Every other kind",
    "loss, same loss and accuracy",
    "accuracy, same loss and accuracy"
  })
  void task1FollowsItsChecks(String check, String claim) throws IOException {
    Path run = changed("task1", result -> fail(result, check));
    List<String> others = new ArrayList<>(TASK1_CLAIMS);
    others.remove(claim);
    List<LabClaim> claims = claims(run);
    assertThat(verdict(claims, claim)).isEqualTo(Verdict.NOT_REPRODUCED);
    assertThat(others)
        .allSatisfy(other -> assertThat(verdict(claims, other)).isEqualTo(Verdict.REPRODUCED));
  }

  private static void fail(ObjectNode result, String check) {
    int failed = 0;
    for (JsonNode node : result.get("checks")) {
      if (node.get("name").asText().startsWith(check)) {
        ((ObjectNode) node).put("passed", false);
        failed++;
      }
    }
    assertThat(failed).isPositive();
  }

  /** Runs recorded before derived bounds existed are judged by the limits of that time. */
  @Test
  void anOlderTask1FollowsItsNumbers() throws IOException {
    Path run =
        changed(
            "task1",
            result -> {
              result.put("convSumAbsDifference", 8.315e-5);
              result.remove("checks");
            });
    List<LabClaim> claims = claims(run);
    assertThat(verdict(claims, "add up to 8.314e-5")).isEqualTo(Verdict.NOT_REPRODUCED);
    assertThat(verdict(claims, "same loss and accuracy")).isEqualTo(Verdict.REPRODUCED);
    assertThat(verdict(claims, "Every other kind")).isEqualTo(Verdict.REPRODUCED);
    RunCopies.change(
        run,
        "result.json",
        result -> {
          result.put("convSumAbsDifference", 8.314e-5);
          ((ObjectNode) result.get("scratch")).put("testAccuracy", 0.9811);
        });
    assertThat(verdict(claims(run), "add up to")).isEqualTo(Verdict.REPRODUCED);
    assertThat(verdict(claims(run), "same loss and accuracy")).isEqualTo(Verdict.NOT_REPRODUCED);
  }

  /**
   * The five runs of the lab report have a standard error of 0.01, and t is 2.75 for 4.1 degrees of
   * freedom: their uncertainty of ±0.0276 exceeds the margin. So the verdict can only be that the
   * means differ, or undecided.
   */
  @Test
  void meansAreComparedWithTheSpreadOfTheLabReport() throws IOException {
    Path run = changed("task2-report", result -> runs(result, 20, 0.93, 0.005));
    assertThat(verdict(claims(run), "mean test accuracy")).isEqualTo(Verdict.UNDECIDED);
    RunCopies.change(run, "result.json", result -> runs(result, 20, 0.97, 0.005));
    assertThat(verdict(claims(run), "mean test accuracy")).isEqualTo(Verdict.NOT_REPRODUCED);
    assertThat(claims(run))
        .anySatisfy(
            claim ->
                assertThat(claim.evidence())
                    .contains(
                        "difference to the lab report: +0.0524 (0.0248 to 0.0801", "within ±0.02"));
    RunCopies.change(run, "result.json", result -> runs(result, 20, 0.85, 0.005));
    assertThat(verdict(claims(run), "mean test accuracy")).isEqualTo(Verdict.NOT_REPRODUCED);
    RunCopies.change(run, "result.json", result -> runs(result, 2, 0.85, 0.0001));
    assertThat(verdict(claims(run), "mean test accuracy")).isEqualTo(Verdict.UNDECIDED);
    RunCopies.change(run, "result.json", result -> result.putNull("sd"));
    assertThat(verdict(claims(run), "mean test accuracy")).isEqualTo(Verdict.UNDECIDED);
  }

  private static void runs(ObjectNode result, int n, double mean, double sd) {
    result.put("n", n).put("mean", mean).put("sd", sd);
  }

  @Test
  void onlyAnIntervalWithinTheMarginReproduces() {
    assertThat(new Estimate(5, 0, -0.01, 0.02).within(0.02)).isEqualTo(Verdict.REPRODUCED);
    assertThat(new Estimate(5, 0.01, 0.005, 0.015).within(0.02))
        .as("a difference, but one too small to matter")
        .isEqualTo(Verdict.REPRODUCED);
    assertThat(new Estimate(5, 0, -0.5, 0.5).within(0.02))
        .as("as wide as two runs give")
        .isEqualTo(Verdict.UNDECIDED);
    assertThat(new Estimate(5, 0.015, 0.005, 0.025).within(0.02)).isEqualTo(Verdict.UNDECIDED);
    assertThat(new Estimate(5, 0.03, 0.021, 0.04).within(0.02)).isEqualTo(Verdict.NOT_REPRODUCED);
    assertThat(new Estimate(5, -0.03, -0.04, -0.021).within(0.02))
        .isEqualTo(Verdict.NOT_REPRODUCED);
    assertThat(new Estimate(2, 0, Double.NaN, Double.NaN).within(0.02))
        .isEqualTo(Verdict.UNDECIDED);
    assertThat(Verdict.REPRODUCED.and(Verdict.NOT_REPRODUCED)).isEqualTo(Verdict.NOT_REPRODUCED);
  }

  /** F(0.975; 4, 4) = 9.6045: with five runs each, a ratio is known within that factor. */
  @Test
  void variancesAreComparedByTheirRatio() throws IOException {
    Path run = changed("task2-report", result -> variance(result, 19));
    assertThat(verdict(claims(run), "varies with")).isEqualTo(Verdict.UNDECIDED);
    RunCopies.change(run, "result.json", result -> variance(result, 19.3));
    assertThat(verdict(claims(run), "varies with")).isEqualTo(Verdict.NOT_REPRODUCED);
    RunCopies.change(run, "result.json", result -> variance(result, 0.0525));
    assertThat(verdict(claims(run), "varies with")).isEqualTo(Verdict.UNDECIDED);
    RunCopies.change(run, "result.json", result -> variance(result, 0.0519));
    assertThat(verdict(claims(run), "varies with")).isEqualTo(Verdict.NOT_REPRODUCED);
    RunCopies.change(run, "result.json", result -> result.put("n", 2));
    assertThat(verdict(claims(run), "varies with")).isEqualTo(Verdict.UNDECIDED);
  }

  private static void variance(ObjectNode result, double timesTheReports) {
    result.put("sd", Math.sqrt(4.98718e-4 * timesTheReports));
  }

  @Test
  void aClaimWithTwoPairsNeedsBoth() throws IOException {
    Path run = changed("task2-ablation", result -> {});
    assertThat(verdict(claims(run), "most significant")).isEqualTo(Verdict.SUPPORTED);
    RunCopies.change(run, "result.json", r -> pair(r, "claims", "batch-norm", -0.01, 0.02));
    assertThat(verdict(claims(run), "most significant")).isEqualTo(Verdict.UNDECIDED);
    RunCopies.change(run, "result.json", r -> pair(r, "claims", "batch-norm", -0.02, -0.01));
    assertThat(verdict(claims(run), "most significant")).isEqualTo(Verdict.NOT_SUPPORTED);
  }

  /** Changes the interval of augmentation − worse. */
  private static void pair(ObjectNode result, String list, String worse, double low, double high) {
    result
        .get(list)
        .forEach(
            claim -> {
              if (claim.get("better").asText().equals("augmentation")
                  && claim.get("worse").asText().equals(worse)) {
                interval((ObjectNode) claim.get("paired"), 10, 2.262157, low, high);
              }
            });
  }

  @Test
  void runsOfTask3AreTakenUpAndAPairMayStandTheOtherWayRound() throws IOException {
    Path run =
        changed(
            "task3-ablation",
            result -> {
              compare(result.putArray("claims"), "any-angle", "flips", 0.01, 0.03);
              compare((ArrayNode) result.get("claims"), "flips", "tone-only", 0.01, 0.03);
              compare((ArrayNode) result.get("claims"), "tonal-range", "flips", -0.01, 0.02);
              compare(result.putArray("claimsByAuc"), "flips", "tone-only", 0.004, 0.008);
            });
    List<LabClaim> claims = claims(run);
    assertThat(verdict(claims, "Rotation does not help")).isEqualTo(Verdict.NOT_SUPPORTED);
    assertThat(verdict(claims, "Brightness and contrast")).isEqualTo(Verdict.SUPPORTED);
    assertThat(verdict(claims, "worth exploring")).isEqualTo(Verdict.UNDECIDED);
    assertThat(verdict(claims, "more purple")).isEqualTo(Verdict.SUPPORTED);
    assertThat(verdict(claims, "about 0.79")).isEqualTo(Verdict.NOT_RECORDED);
    assertThat(claims)
        .anySatisfy(
            claim ->
                assertThat(claim.evidence())
                    .isEqualTo(
                        "flips − tone-only: accuracy +0.0200 (0.0100 to 0.0300, n = 5); area under the ROC curve +0.0060 (0.0040 to 0.0080, n = 5)"))
        .anySatisfy(
            claim ->
                assertThat(claim.evidence())
                    .isEqualTo("flips − any-angle: accuracy -0.0200 (-0.0300 to -0.0100, n = 5)"));
  }

  private static void compare(
      ArrayNode claims, String better, String worse, double low, double high) {
    ObjectNode claim = claims.addObject();
    claim.put("claim", "in other words").put("better", better).put("worse", worse);
    interval(claim.putObject("paired"), 5, 2.776445, low, high);
  }

  /** A comparison with the given t interval. */
  private static void interval(ObjectNode paired, int n, double t, double low, double high) {
    paired.put("n", n).put("meanDifference", (low + high) / 2);
    paired.put("sd", (high - low) / 2 * Math.sqrt(n) / t);
  }

  @Test
  void runsOnFewerPatchesAreUndecided() throws IOException {
    Path run = changed("task3-report", result -> {});
    assertThat(verdict(claims(run), "about 0.79")).isEqualTo(Verdict.UNDECIDED);
    RunCopies.change(
        run, "result.json", result -> ((ObjectNode) result.get("patches")).put("train", 100_000));
    assertThat(verdict(claims(run), "about 0.79"))
        .as("0.7619 to 0.7802 reaches into 0.78 to 0.80")
        .isEqualTo(Verdict.UNDECIDED);
    RunCopies.change(run, "result.json", result -> accuracy(result, 0.7712, 0.006));
    assertThat(verdict(claims(run), "about 0.79")).isEqualTo(Verdict.NOT_REPRODUCED);
    RunCopies.change(run, "result.json", result -> accuracy(result, 0.787, 0.004));
    assertThat(verdict(claims(run), "about 0.79")).isEqualTo(Verdict.REPRODUCED);
  }

  private static void accuracy(ObjectNode result, double mean, double sd) {
    ((ObjectNode) result.at("/validation/accuracy")).put("mean", mean).put("sd", sd);
  }

  @Test
  void purpleIsMeasuredAsInTheRocPlotsAndTheDocumentation() throws IOException {
    Path run = changed("task3-report", result -> {});
    assertThat(claims(run))
        .anySatisfy(
            claim ->
                assertThat(claim.evidence())
                    .contains("R − G (pinkness)", "0.7646 (0.7470 to 0.7815 over patches"));
    assertThat(Files.readString(RunCopies.HOME.resolve("docs/task3.md")))
        .contains("pinkness", "0.7646")
        .doesNotContain("0.7193");
  }

  @Test
  void purpleIsJudgedByItsInterval() throws IOException {
    Path run =
        changed(
            "task3-report",
            result ->
                result
                    .get("purple")
                    .forEach(
                        feature ->
                            ((ObjectNode) feature).putArray("patches95").add(0.49).add(0.53)));
    assertThat(verdict(claims(run), "more purple")).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void onlyFinishedRunsOnRealDataAreEvidence() throws IOException {
    Path run = RunCopies.copy("task3-report", temp.resolve("task3-report"));
    RunCopies.change(run, "result.json", result -> result.put("data", "SYNTHETIC blobs"));
    assertThat(claims(run)).allMatch(claim -> claim.verdict() == Verdict.NOT_RECORDED);
    Path failed = RunCopies.copy("task1", temp.resolve("task1"));
    RunCopies.change(failed, "status.json", status -> status.put("state", "failed"));
    assertThat(claims(failed)).allMatch(claim -> claim.verdict() == Verdict.NOT_RECORDED);
  }

  @Test
  void trialRunsAreNotEvidence() throws IOException {
    Path byCommandLine = RunCopies.copy("task2-report", temp.resolve("quick"));
    RunCopies.change(
        byCommandLine, "provenance.json", p -> p.putArray("arguments").add("task2").add("--quick"));
    Path byResult = changed("task1", result -> result.put("trial", "quick"));
    Path byProvenance = RunCopies.copy("task3-report", temp.resolve("resumed"));
    RunCopies.change(byProvenance, "provenance.json", p -> p.put("trial", "quick"));
    assertThat(claims(byCommandLine, byResult, byProvenance))
        .allMatch(claim -> claim.verdict() == Verdict.NOT_RECORDED);
  }

  @Test
  void runsWithAnotherConfigurationAreNotEvidence() throws IOException {
    for (String run : List.of("task1", "task2-report", "task2-ablation", "task3-ablation")) {
      assertThat(
              RunReader.read(RunCopies.copy(run, temp.resolve("as-it-was/" + run)), RunCopies.HOME))
          .satisfies(read -> assertThat(read.deviations()).as(run).isEmpty());
      Path cut = RunCopies.copy(run, temp.resolve("cut/" + run));
      Path config = cut.resolve("config.yaml");
      Files.writeString(
          config, Files.readString(config).replaceFirst("(?m)^epochs: \\d+", "epochs: 1"));
      RecordedRun read = RunReader.read(cut, RunCopies.HOME);
      assertThat(read.deviations())
          .hasSize(1)
          .first()
          .asString()
          .startsWith("epochs 1 instead of ");
      assertThat(claims(cut)).as(run).allMatch(claim -> claim.verdict() == Verdict.NOT_RECORDED);
    }
  }
}
