package cnnlab.experiment;

import cnnlab.data.Seeds;
import cnnlab.model.MnistCnn;
import cnnlab.scratch.Loss;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The outcome of Task 2, as {@code result.json} has it. The figures at the top are those of the
 * only or the first variant.
 *
 * @param experiment its name
 * @param seed its seed
 * @param engine which engine trained
 * @param n how many repetitions
 * @param accuracies test accuracy of each repetition
 * @param mean of the accuracies
 * @param variance sample variance (divisor n − 1)
 * @param populationVariance divisor n, as the report has it
 * @param sd standard deviation (sample)
 * @param ci95 95 % t-interval of the mean
 * @param bootstrap95 95 % bootstrap interval of the mean
 * @param testTimeAveraging mean accuracy when each test image is classified nine times, shifted;
 *     null when it was not
 * @param ensemble accuracy of the mean of all repetitions' probabilities: not one model, and of
 *     more images than one draw
 * @param variants each variant, where there are several
 * @param claims verdicts, where there are claims
 * @param durationSeconds seconds of all trainings added up
 */
public record Task2Result(
    String experiment,
    long seed,
    String engine,
    int n,
    double[] accuracies,
    double mean,
    double variance,
    double populationVariance,
    double sd,
    double[] ci95,
    double[] bootstrap95,
    Double testTimeAveraging,
    double ensemble,
    List<Variant> variants,
    List<Claim> claims,
    double durationSeconds) {

  /**
   * @param name of the variant
   * @param summary of its test accuracies
   */
  public record Variant(String name, Statistics.Summary summary) {}

  /**
   * A claim and what the runs say of it.
   *
   * @param claim in words
   * @param better the variant that the claim holds to be better
   * @param worse the one it is compared with
   * @param paired differences better − worse on the same draws
   */
  public record Claim(String claim, String better, String worse, Statistics.Paired paired) {}

  /**
   * @throws ConfigException when a claim names a variant that is not there
   */
  static void checkClaims(Task2Config config, List<Task2Variant> variants) {
    List<String> names = Task2SmallData.names(variants);
    for (Map<String, Object> claim : config.claims()) {
      for (String key : List.of("claim", "better", "worse")) {
        if (!(claim.get(key) instanceof String value)
            || !key.equals("claim") && !names.contains(value)) {
          throw new ConfigException(
              "claims: %s found; each needs claim, better and worse, the latter two among %s"
                  .formatted(claim, names));
        }
      }
    }
  }

  static Task2Result of(
      Task2Config config, List<Task2Variant> variants, Task2Runs runs, int[] labels) {
    List<Variant> all = new ArrayList<>();
    for (Task2Variant v : variants) {
      long seed = Seeds.derive(config.seed(), "bootstrap-" + v.name());
      all.add(new Variant(v.name(), Statistics.Summary.of(runs.accuracies(v.name()), seed)));
    }
    List<Claim> claims = new ArrayList<>();
    for (Map<String, Object> c : config.claims()) {
      String better = (String) c.get("better");
      String worse = (String) c.get("worse");
      claims.add(
          new Claim(
              (String) c.get("claim"),
              better,
              worse,
              Statistics.paired(runs.accuracies(better), runs.accuracies(worse))));
    }
    Statistics.Summary first = all.get(0).summary();
    List<Task2Repetition.Outcome> outcomes = runs.of(all.get(0).name());
    return new Task2Result(
        config.experiment(),
        config.seed(),
        config.engine().name().toLowerCase(java.util.Locale.ROOT),
        first.n(),
        first.values(),
        first.mean(),
        first.variance(),
        first.populationVariance(),
        first.sd(),
        first.ci95(),
        first.bootstrap95(),
        testTimeAveraging(outcomes),
        ensemble(outcomes, labels),
        variants.size() == 1 ? List.of() : all,
        claims,
        runs.rows().stream().mapToDouble(Task2Repetition.Row::seconds).sum());
  }

  private static Double testTimeAveraging(List<Task2Repetition.Outcome> outcomes) {
    if (outcomes.get(0).row().averagedTestAccuracy() == null) {
      return null;
    }
    return outcomes.stream()
        .mapToDouble(o -> o.row().averagedTestAccuracy())
        .average()
        .orElseThrow();
  }

  private static double ensemble(List<Task2Repetition.Outcome> outcomes, int[] labels) {
    float[] sum = new float[outcomes.get(0).probabilities().length];
    for (Task2Repetition.Outcome o : outcomes) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += o.probabilities()[i];
      }
    }
    return Loss.accuracy(sum, labels, MnistCnn.CLASSES);
  }

  /**
   * The verdict on each claim; a claim with several comparisons is supported only if each of them
   * is.
   */
  Map<String, Statistics.Verdict> verdicts() {
    Map<String, Statistics.Verdict> verdicts = new LinkedHashMap<>();
    for (Claim c : claims) {
      verdicts.merge(
          c.claim(),
          c.paired().verdict(),
          (a, b) ->
              a == b
                  ? a
                  : a == Statistics.Verdict.NOT_SUPPORTED || b == Statistics.Verdict.NOT_SUPPORTED
                      ? Statistics.Verdict.NOT_SUPPORTED
                      : Statistics.Verdict.UNDECIDED);
    }
    return verdicts;
  }
}
