package cnnlab.report.claim;

import cnnlab.metric.Scale;
import cnnlab.report.Cell;
import cnnlab.report.Estimate;
import cnnlab.report.Table;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Tables for runs that compare variants: the variants, and their paired differences. */
final class Comparisons {
  private Comparisons() {}

  /**
   * The table of a run's paired differences, or an empty list.
   *
   * @param claims the key of the list in {@code result.json}
   * @param score the score that was compared, such as {@code accuracy}
   */
  static List<Table> paired(RecordedRun run, String claims, String score) {
    JsonNode list = run.result().path(claims);
    if (list.isEmpty()) {
      return List.of();
    }
    Table table =
        new Table("Paired differences of %s".formatted(score))
            .left("question")
            .left("better")
            .left("worse")
            .right("difference")
            .left("95 % interval")
            .drawn("drawn; the line is 0", 0)
            .right("p (t)")
            .right("p (Wilcoxon)")
            .left("verdict");
    for (JsonNode claim : list) {
      JsonNode paired = claim.path("paired");
      Estimate difference = Estimate.ofPaired(paired, Scale.ofScore(score));
      table.row(
          Cell.text(claim.path("claim").asText()),
          Cell.text(claim.path("better").asText()),
          Cell.text(claim.path("worse").asText()),
          Cell.fixed(difference.mean()),
          Cell.interval(difference),
          Cell.drawn(difference),
          Cell.significant(Estimate.number(paired.path("pTTest"))),
          Cell.significant(Estimate.number(paired.path("pWilcoxon"))),
          Cell.verdict(difference.aboveZero()));
    }
    return List.of(table);
  }

  /**
   * The table of a run's variants, or an empty list.
   *
   * @param score the key of the score in a variant, such as {@code test}
   * @param title of the table
   * @param reference a value marked on the scale, or NaN
   */
  static List<Table> variants(RecordedRun run, String score, String title, double reference) {
    List<Table> tables = new ArrayList<>();
    if (!run.result().path("variants").isEmpty()) {
      Table table =
          new Table(title)
              .left("variant")
              .right("n")
              .right("mean")
              .right("sd")
              .left("95 % interval")
              .drawn("drawn", reference);
      for (JsonNode variant : run.result().path("variants")) {
        JsonNode summary = variant.path(score);
        Estimate e = Estimate.of(summary);
        table.row(
            Cell.text(variant.path("name").asText()),
            Cell.count(e.n()),
            Cell.fixed(e.mean()),
            Cell.fixed(Estimate.number(summary.path("sd"))),
            Cell.interval(e),
            Cell.drawn(e));
      }
      tables.add(table);
    }
    return tables;
  }
}
