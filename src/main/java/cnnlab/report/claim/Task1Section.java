package cnnlab.report.claim;

import static cnnlab.report.Estimate.number;

import cnnlab.report.Block;
import cnnlab.report.Block.Paragraph;
import cnnlab.report.Cell;
import cnnlab.report.RunKind;
import cnnlab.report.Section;
import cnnlab.report.Table;
import cnnlab.text.Numbers;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The section on Task 1: the network from scratch compared with the library. */
final class Task1Section {
  private Task1Section() {}

  static Section of(Runs runs) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Paragraph(
            "Does the network written from scratch compute the same as the library? One of the two engines is trained on MNIST and the other takes over its weights; then both run on all images, and every layer is compared."));
    List<Section> parts =
        runs.of(RunKind.TASK1).stream().map(run -> RunSections.section(run, own(run))).toList();
    return new Section("task-1", "Task 1: the same network, twice", blocks, parts);
  }

  private static List<Block> own(RecordedRun run) {
    List<Block> blocks = new ArrayList<>();
    if (run.hasResult()) {
      blocks.add(scores(run));
      blocks.add(checks(run));
    }
    if (!run.layers().isEmpty()) {
      blocks.add(
          layers(
              run,
              "random-layer",
              "The check of the lab report: one random layer, one test image"));
      blocks.add(
          layers(run, "test-set", "The trained network, layer by layer, on all test images"));
    }
    blocks.removeIf(block -> block instanceof Table table && table.isEmpty());
    return blocks;
  }

  private static Table scores(RecordedRun run) {
    Table table =
        new Table("Loss and accuracy in both engines")
            .left("")
            .right("images")
            .right("DL4J")
            .right("from scratch")
            .right("difference");
    for (String part : List.of("train", "validation", "test")) {
      for (String score : List.of("Loss", "Accuracy")) {
        double a = number(run.result().path("library").path(part + score));
        double b = number(run.result().path("scratch").path(part + score));
        table.row(
            Cell.text(part + " " + score.toLowerCase(Locale.ROOT)),
            Cell.count(run.result().path("images").path(part).asLong()),
            Cell.number(a, Numbers.fixed(a, 6)),
            Cell.number(b, Numbers.fixed(b, 6)),
            Cell.scientific(Math.abs(a - b)));
      }
    }
    return table;
  }

  private static Table checks(RecordedRun run) {
    JsonNode checks = run.result().path("checks");
    // Runs recorded before derived bounds existed have chosen limits.
    boolean derived = checks.path(0).has("bound");
    Table table =
        new Table("Checks").left("check").right("found").right(derived ? "bound" : "limit");
    if (derived) {
      table.right("share of the bound").left("nearer to double precision");
    }
    table.left("result");
    for (JsonNode check : checks) {
      List<Cell> cells = new ArrayList<>();
      cells.add(Cell.text(check.path("name").asText()));
      cells.add(figure(number(check.path("found"))));
      cells.add(figure(number(check.path(derived ? "bound" : "limit"))));
      if (derived) {
        double share = check.path("share").asDouble(Double.NaN);
        cells.add(Double.isNaN(share) ? Cell.text("") : Cell.number(share, Numbers.share(share)));
        cells.add(Cell.text(check.path("nearer").asText()));
      }
      cells.add(Cell.text(check.path("passed").asBoolean() ? "passed" : "failed"));
      table.row(cells.toArray(Cell[]::new));
    }
    return table;
  }

  private static Cell figure(double value) {
    return Cell.number(value, Numbers.figure(value));
  }

  private static Table layers(RecordedRun run, String scope, String caption) {
    Table table =
        new Table(caption + "; a is DL4J, b is from scratch")
            .left("layer")
            .left("kind")
            .left("shape")
            .right("Σ |a−b|")
            .right("max |a−b|")
            .right("max |a−b| / max |a|");
    for (CsvRow row : run.layers()) {
      if (row.text("scope").equals(scope)) {
        table.row(
            Cell.text(row.text("layer")),
            Cell.text(row.text("kind")),
            Cell.text(row.text("shape").replace("x", " × ")),
            Cell.scientific(row.number("sumAbs")),
            Cell.scientific(row.number("maxAbs")),
            Cell.scientific(row.number("relative")));
      }
    }
    return table;
  }
}
