package cnnlab.report.claim;

import cnnlab.metric.Scale;
import cnnlab.report.Block;
import cnnlab.report.Block.Paragraph;
import cnnlab.report.Cell;
import cnnlab.report.Estimate;
import cnnlab.report.RunKind;
import cnnlab.report.Section;
import cnnlab.report.Table;
import cnnlab.text.Numbers;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The section on sweeps: searches and ablations, scored on validation images. */
final class SweepSection {
  /** Tables with more rows are folded. */
  private static final int LONG = 20;

  private SweepSection() {}

  static Section of(Runs runs) {
    List<Block> blocks =
        List.of(
            new Paragraph(
                "Searches and ablations, scored on validation images; no test image was used. The best of many points looks better than it is, so the number to report is its score on fresh draws (random choices of training images)."));
    List<Section> parts =
        runs.of(RunKind.SWEEP).stream().map(run -> RunSections.section(run, own(run))).toList();
    return new Section("sweeps", "Sweeps", blocks, parts);
  }

  private static List<Block> own(RecordedRun run) {
    List<Block> blocks = new ArrayList<>();
    if (!run.hasResult()) {
      return blocks;
    }
    JsonNode result = run.result();
    String objective = result.path("objective").asText();
    blocks.add(
        new Paragraph(
            "%s trials of %s at %s points (%s); %s failed%s. The score is %s; %s is better."
                .formatted(
                    Numbers.count(result.path("trials").asLong()),
                    result.path("task").asText(),
                    Numbers.count(result.path("points").asLong()),
                    result.path("method").asText(),
                    Numbers.count(result.path("failed").asLong()),
                    result.path("diverged").asLong() == 0
                        ? ""
                        : " and %s diverged"
                            .formatted(Numbers.count(result.path("diverged").asLong())),
                    objective,
                    result.path("maximise").asBoolean() ? "higher" : "lower")));
    if (result.path("confirmation").isObject()) {
      blocks.add(confirmation(result, objective));
    }
    blocks.add(points(result, objective));
    String turned = " (signs reversed: above 0 is better)";
    blocks.addAll(
        Comparisons.paired(
            run, "claims", result.path("maximise").asBoolean() ? objective : objective + turned));
    return blocks;
  }

  private static Table confirmation(JsonNode result, String objective) {
    JsonNode confirmation = result.path("confirmation");
    Table table =
        new Table("On fresh draws")
            .left("")
            .right("n")
            .right(objective)
            .right("sd")
            .left("95 % interval");
    Scale scale = Scale.ofScore(objective);
    confirmed(
        table,
        "point " + result.at("/best/point").asText(),
        Estimate.of(confirmation.path("best"), scale),
        confirmation.path("best"));
    confirmed(
        table,
        "base configuration",
        Estimate.of(confirmation.path("base"), scale),
        confirmation.path("base"));
    Estimate gain = Estimate.ofPaired(confirmation.path("gain"), Scale.ofScore(objective));
    if (gain.known()) {
      table.row(
          Cell.text("gain over the base configuration, draw by draw"),
          Cell.count(gain.n()),
          Cell.fixed(gain.mean()),
          Cell.fixed(Estimate.number(confirmation.path("gain").path("sd"))),
          Cell.interval(gain));
    }
    return table;
  }

  private static void confirmed(Table table, String name, Estimate e, JsonNode score) {
    if (score.isObject()) {
      table.row(
          Cell.text(name),
          Cell.count(e.n()),
          Cell.fixed(e.mean()),
          Cell.fixed(Estimate.number(score.path("sd"))),
          Cell.interval(e));
    }
  }

  private static Table points(JsonNode result, String objective) {
    JsonNode ranking = result.path("ranking");
    List<String> axes = new ArrayList<>();
    ranking.path(0).path("levels").fieldNames().forEachRemaining(axes::add);
    Table table = new Table("All points, the best ones first").right("point");
    axes.forEach(table::left);
    table
        .right("n")
        .right(objective)
        .left("95 % interval")
        .drawn("drawn", Double.NaN)
        .right("difference to best")
        .left("its 95 % interval, or why there is none");
    for (JsonNode point : ranking) {
      Estimate score = Estimate.of(point.path("score"), Scale.ofScore(objective));
      Estimate toBest = Estimate.ofPaired(point.path("toBest"), Scale.ofScore(objective));
      List<Cell> row = new ArrayList<>();
      row.add(Cell.count(point.path("point").asLong()));
      axes.forEach(axis -> row.add(level(point.path("levels").path(axis).asText())));
      row.add(Cell.count(score.n()));
      row.add(Cell.fixed(score.mean()));
      row.add(Cell.interval(score));
      row.add(Cell.drawn(score));
      row.add(Cell.fixed(toBest.mean()));
      row.add(toBest.known() ? Cell.interval(toBest) : Cell.text(reason(point)));
      table.row(row);
    }
    return ranking.size() > LONG ? table.fold() : table;
  }

  /** Why a point is not compared with the best point. */
  private static String reason(JsonNode point) {
    int epochs = point.path("epochs").asInt();
    return point.path("score").isObject()
        ? epochs == 0 ? "" : "dropped at epoch " + epochs + " and scored there"
        : point.path("diverged").asInt() > 0 ? "diverged" : "failed";
  }

  /** A cell that is sorted as a number if the level is one. */
  private static Cell level(String level) {
    try {
      return Cell.number(Double.parseDouble(level), level);
    } catch (NumberFormatException word) {
      return Cell.text(level);
    }
  }
}
