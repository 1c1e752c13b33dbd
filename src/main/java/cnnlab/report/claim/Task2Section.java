package cnnlab.report.claim;

import static cnnlab.report.Estimate.number;

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

/** The section on Task 2: learning from 128 images. */
final class Task2Section {
  private Task2Section() {}

  static Section of(Runs runs) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Paragraph(
            "How much can be learned from 128 images of MNIST? Each training draws its own images at random; comparisons use the same draws. Accuracies are on the 10,000 test images, for a single network that sees each image once."));
    Table heads = heads(runs);
    blocks.add(heads);
    List<Section> parts =
        runs.of(RunKind.TASK2).stream().map(run -> RunSections.section(run, own(run))).toList();
    return new Section("task-2", "Task 2: learning from 128 images", blocks, parts);
  }

  /**
   * The table of results: one row for each experiment without variants; those with variants have
   * tables of their own.
   */
  private static Table heads(Runs runs) {
    double report = LabReport.task2Mean();
    Table table =
        new Table("Test accuracy")
            .left("")
            .right("n")
            .right("mean")
            .right("population variance")
            .left("95 % interval")
            .drawn("drawn; the line is the lab report", report);
    Cell empty = Cell.text("");
    double variance = LabReport.task2PopulationVariance();
    int n = LabReport.task2Accuracies().length;
    table.row(
        Cell.text("lab report"),
        Cell.count(n),
        Cell.fixed(report),
        Cell.scientific(variance),
        Cell.interval(Estimate.of(LabReport.task2Sample())),
        Cell.drawn(Estimate.of(LabReport.task2Sample())));
    table.row(
        Cell.text("best other public solution"),
        Cell.count(n),
        Cell.fixed(LabReport.TASK2_BEST_PUBLIC),
        empty,
        empty,
        Cell.drawn(new Estimate(n, LabReport.TASK2_BEST_PUBLIC, Double.NaN, Double.NaN)));
    for (RecordedRun run : runs.of(RunKind.TASK2)) {
      if (run.isEvidence() && run.result().path("variants").isEmpty()) {
        Estimate e = Estimate.of(run.result());
        table.row(
            Cell.link(run.experiment(), run.id()),
            Cell.count(e.n()),
            Cell.fixed(e.mean()),
            Cell.scientific(number(run.result().path("populationVariance"))),
            Cell.interval(e),
            Cell.drawn(e));
      }
    }
    return table;
  }

  /** The standard deviation as text; empty for a single training. */
  private static String spread(RecordedRun run) {
    double sd = number(run.result().path("sd"));
    return Double.isNaN(sd) ? "" : ", standard deviation " + Numbers.fixed(sd, 4);
  }

  private static List<Block> own(RecordedRun run) {
    List<Block> blocks = new ArrayList<>();
    if (!run.hasResult()) {
      return blocks;
    }
    Estimate e = Estimate.of(run.result());
    if (e.known() && run.result().path("variants").isEmpty()) {
      blocks.add(
          new Paragraph(
              "Test accuracy %s%s; trained %s."
                  .formatted(e.text(), spread(run), RunSections.trainer(run))));
    }
    blocks.addAll(
        Comparisons.variants(
            run,
            "test",
            "Test accuracy of each variant; the line is the lab report",
            LabReport.task2Mean()));
    blocks.addAll(Comparisons.paired(run, "claims", "test accuracy"));
    Table separate = separate(run);
    if (!separate.isEmpty()) {
      blocks.add(separate);
    }
    return blocks;
  }

  private static Table separate(RecordedRun run) {
    Table table =
        new Table(
                "Reported separately, because it is not a single network that sees each image once")
            .left("")
            .right("n")
            .right("test accuracy")
            .left("95 % interval");
    JsonNode averaged = run.result().path("testTimeAveraging");
    if (averaged.isObject()) {
      Estimate e = Estimate.of(averaged);
      table.row(
          Cell.text("average over shifts of each image"),
          Cell.count(e.n()),
          Cell.fixed(e.mean()),
          Cell.interval(e));
    }
    JsonNode ensemble = run.result().path("ensemble");
    if (ensemble.isNumber()) {
      table.row(
          Cell.text(
              "ensemble of the %s networks of %s"
                  .formatted(
                      run.result().path("n").asInt(),
                      run.result().path("variants").path(0).path("name").asText(run.experiment()))),
          Cell.count(1),
          Cell.fixed(ensemble.asDouble()),
          Cell.text(""));
    }
    return table;
  }
}
