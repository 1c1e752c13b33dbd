package cnnlab.experiment;

import cnnlab.config.ConfigException;
import cnnlab.config.ConfigLoader;
import cnnlab.console.FittedStream;
import cnnlab.metric.PairedComparison;
import cnnlab.metric.Scale;
import cnnlab.metric.Verdict;
import cnnlab.text.MarkdownReport;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A claim that one variant is better than another, with the result of comparing their runs.
 *
 * @param claim the claim in words
 * @param better the variant claimed to be better
 * @param worse the variant it is compared with
 * @param paired the differences better − worse of the repetitions in which neither training
 *     diverged; null when there are none
 */
public record Claim(String claim, String better, String worse, PairedComparison paired) {
  /**
   * Checks the claims of a configuration.
   *
   * @param entries the claims, each with {@code claim}, {@code better} and {@code worse}
   * @param variants names of the variants
   * @throws ConfigException when a key is missing or names an unknown variant
   */
  public static void check(List<Map<String, Object>> entries, List<String> variants) {
    for (Map<String, Object> claim : entries) {
      for (String key : List.of("claim", "better", "worse")) {
        if (!(claim.get(key) instanceof String value)
            || !key.equals("claim") && !variants.contains(value)) {
          throw new ConfigException(
              "claims: %s found; each needs claim, better and worse, the latter two among %s"
                  .formatted(claim, variants));
        }
      }
      if (claim.get("better").equals(claim.get("worse"))) {
        throw new ConfigException(
            "claims: %s found; better and worse must be two of %s".formatted(claim, variants));
      }
    }
  }

  /**
   * Compares the variants of each claim.
   *
   * @param values gives the scores of a variant in the order of the repetitions; NaN where a
   *     training diverged, and that pair is left out
   * @param scale the range of the scores
   */
  public static List<Claim> of(
      List<Map<String, Object>> entries, Function<String, double[]> values, Scale scale) {
    List<Claim> claims = new ArrayList<>();
    for (Map<String, Object> c : entries) {
      String better = (String) c.get("better");
      String worse = (String) c.get("worse");
      claims.add(
          new Claim(
              (String) c.get("claim"),
              better,
              worse,
              paired(values.apply(better), values.apply(worse), scale)));
    }
    return claims;
  }

  private static PairedComparison paired(double[] better, double[] worse, Scale scale) {
    int[] both =
        IntStream.range(0, Math.min(better.length, worse.length))
            .filter(i -> Double.isFinite(better[i]) && Double.isFinite(worse[i]))
            .toArray();
    return both.length == 0 ? null : PairedComparison.of(at(better, both), at(worse, both), scale);
  }

  private static double[] at(double[] values, int[] indices) {
    return Arrays.stream(indices).mapToDouble(i -> values[i]).toArray();
  }

  /** Undecided when no pair of trainings completed. */
  private Verdict verdict() {
    return paired == null ? Verdict.UNDECIDED : paired.verdict();
  }

  /**
   * The verdict on each claim, in order. A claim with several comparisons is supported only if each
   * of them is, and not supported if one of them is not.
   */
  public static Map<String, Verdict> verdicts(List<Claim> claims) {
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    for (Claim c : claims) {
      verdicts.merge(c.claim(), c.verdict(), Verdict::and);
    }
    return verdicts;
  }

  /** The configuration without its claims, for a trial run, which gives no verdicts. */
  public static <C extends Record> C withoutClaims(C config) {
    return ConfigLoader.with(config, Map.of("claims", List.of()), "a trial");
  }

  /** The comparisons, one per line. */
  public static TextTable table(List<Claim> claims) {
    TextTable table =
        new TextTable()
            .left("claim")
            .left("better")
            .left("worse")
            .right("difference")
            .left("95 % interval")
            .left("verdict");
    for (Claim c : claims) {
      table.row(
          c.claim(),
          c.better(),
          c.worse(),
          c.paired() == null ? "none" : Numbers.fixed(c.paired().meanDifference(), 4),
          c.paired() == null ? "none" : Numbers.interval(c.paired().ci95(), 4),
          c.verdict().toString());
    }
    return table;
  }

  /** Prints comparisons and verdicts if there are claims. */
  public static void print(PrintStream out, List<Claim> claims) {
    if (!claims.isEmpty()) {
      out.println(table(claims));
      verdicts(claims).forEach((claim, verdict) -> FittedStream.prose(out, claim + ": " + verdict));
      out.println();
    }
  }

  /** Adds a section of comparisons and verdicts to a report if there are claims. */
  public static void addTo(MarkdownReport report, String heading, List<Claim> claims) {
    if (!claims.isEmpty()) {
      report.heading(2, heading).table(table(claims));
      verdicts(claims)
          .forEach((claim, verdict) -> report.paragraph("%s: %s.".formatted(claim, verdict)));
    }
  }
}
