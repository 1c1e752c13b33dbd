package cnnlab.report.reproduction;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verdicts follow the numbers in the files, whatever they are. */
class LabClaimsTest {
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
  void withoutRunsEveryClaimSaysHowToGetOne() throws IOException {
    assertThat(claims())
        .hasSize(18)
        .allSatisfy(
            claim -> {
              assertThat(claim.verdict()).isEqualTo(Verdict.NOT_RECORDED);
              assertThat(claim.run()).isNull();
              assertThat(claim.evidence()).startsWith("Run ./cnnlab ");
            });
  }

  @Test
  void task1FollowsItsNumbers() throws IOException {
    Path run = changed("task1", result -> result.put("convSumAbsDifference", 8.315e-5));
    List<LabClaim> claims = claims(run);
    assertThat(verdict(claims, "add up to 8.314e-5")).isEqualTo(Verdict.NOT_SUPPORTED);
    assertThat(verdict(claims, "same loss and accuracy")).isEqualTo(Verdict.REPRODUCED);
    assertThat(verdict(claims, "every other kind")).isEqualTo(Verdict.REPRODUCED);
    RunCopies.change(
        run,
        "result.json",
        result -> {
          result.put("convSumAbsDifference", 8.314e-5);
          ((ObjectNode) result.get("scratch")).put("testAccuracy", 0.9811);
        });
    assertThat(verdict(claims(run), "add up to")).isEqualTo(Verdict.REPRODUCED);
    assertThat(verdict(claims(run), "same loss and accuracy")).isEqualTo(Verdict.NOT_SUPPORTED);
  }

  @Test
  void aMeanIsReproducedWhenItLiesInTheInterval() throws IOException {
    Path run = changed("task2-report", result -> interval(result, 0.90, 0.93));
    assertThat(verdict(claims(run), "mean test accuracy")).isEqualTo(Verdict.REPRODUCED);
    RunCopies.change(run, "result.json", result -> interval(result, 0.92, 0.95));
    assertThat(verdict(claims(run), "mean test accuracy")).isEqualTo(Verdict.SUPPORTED);
    RunCopies.change(run, "result.json", result -> interval(result, 0.85, 0.91));
    assertThat(verdict(claims(run), "mean test accuracy")).isEqualTo(Verdict.NOT_SUPPORTED);
    RunCopies.change(run, "result.json", result -> result.putNull("ci95"));
    assertThat(verdict(claims(run), "mean test accuracy")).isEqualTo(Verdict.UNDECIDED);
  }

  private static void interval(ObjectNode result, double low, double high) {
    result.putArray("ci95").add(low).add(high);
  }

  /** Four times ours by chi-square with 4 degrees of freedom, 0.4844 and 11.143. */
  @Test
  void aVarianceIsReproducedWhenItLiesInTheInterval() throws IOException {
    Path run = changed("task2-report", result -> variance(result, 1 / 8.0));
    assertThat(verdict(claims(run), "varies with")).isEqualTo(Verdict.REPRODUCED);
    RunCopies.change(run, "result.json", result -> variance(result, 1 / 8.5));
    assertThat(verdict(claims(run), "varies with")).isEqualTo(Verdict.NOT_SUPPORTED);
    RunCopies.change(run, "result.json", result -> variance(result, 2.75));
    assertThat(verdict(claims(run), "varies with")).isEqualTo(Verdict.REPRODUCED);
    RunCopies.change(run, "result.json", result -> variance(result, 2.85));
    assertThat(verdict(claims(run), "varies with")).isEqualTo(Verdict.NOT_SUPPORTED);
  }

  private static void variance(ObjectNode result, double timesTheReports) {
    result.put("populationVariance", 3.9897e-4 * timesTheReports);
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
                ObjectNode paired = (ObjectNode) claim.get("paired");
                paired.put("meanDifference", (low + high) / 2);
                paired.putArray("ci95").add(low).add(high);
              }
            });
  }

  @Test
  void runsOfTask3AreTakenUpAndAPairMayStandTheOtherWayRound() throws IOException {
    Path run =
        changed(
            "task3-report",
            result -> {
              result.put("experiment", "task3-ablation");
              compare(result.putArray("claims"), "any-angle", "flips", 0.01, 0.03);
              compare((ArrayNode) result.get("claims"), "flips", "tone-only", 0.01, 0.03);
              compare((ArrayNode) result.get("claims"), "tonal-range", "flips", -0.01, 0.02);
              compare(result.putArray("claimsByAuc"), "flips", "tone-only", 0.004, 0.008);
            });
    List<LabClaim> claims = claims(run);
    assertThat(verdict(claims, "Rotation does not help")).isEqualTo(Verdict.NOT_SUPPORTED);
    assertThat(verdict(claims, "Brightness and contrast")).isEqualTo(Verdict.SUPPORTED);
    assertThat(verdict(claims, "tonal range")).isEqualTo(Verdict.UNDECIDED);
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
    ObjectNode paired = claim.putObject("paired");
    paired.put("n", 5).put("meanDifference", (low + high) / 2);
    paired.putArray("ci95").add(low).add(high);
  }

  @Test
  void fewerPatchesRefuteNothing() throws IOException {
    Path run = changed("task3-report", result -> {});
    assertThat(verdict(claims(run), "about 0.79")).isEqualTo(Verdict.UNDECIDED);
    RunCopies.change(
        run, "result.json", result -> ((ObjectNode) result.get("patches")).put("train", 100_000));
    assertThat(verdict(claims(run), "about 0.79")).isEqualTo(Verdict.NOT_SUPPORTED);
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
}
