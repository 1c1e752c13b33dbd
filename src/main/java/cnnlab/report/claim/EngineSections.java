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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The sections on the engines: three implementations layer by layer, training step by step, and
 * speed.
 */
final class EngineSections {
  private EngineSections() {}

  /** From scratch, DL4J and Keras on the network of Task 1. */
  static Section threeWay(Runs runs) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Paragraph(
            "The network of Task 1, layer by layer, with the weights trained by DL4J and with the weights trained by Keras. For Keras only the outputs of the network are recorded, not those of its inner layers. Each number is the largest absolute difference over all values of all test images, divided by the largest absolute value of the layer."));
    blocks.add(layers(runs));
    runs.of(RunKind.COMPARISON).stream()
        .filter(RecordedRun::isEvidence)
        .forEach(run -> blocks.add(scores(run)));
    blocks.removeIf(block -> block instanceof Table table && table.isEmpty());
    List<Section> parts =
        runs.of(RunKind.COMPARISON).stream()
            .map(run -> RunSections.section(run, List.of()))
            .toList();
    return new Section("three-ways", "From scratch, DL4J and Keras", blocks, parts);
  }

  private static Table layers(Runs runs) {
    Optional<RecordedRun> trained = runs.evidence(RunKind.TASK1);
    Optional<RecordedRun> keras = runs.evidence(RunKind.COMPARISON);
    Table table =
        new Table("Three implementations, layer by layer")
            .left("layer")
            .left("kind")
            .right("trained by DL4J: from scratch / DL4J")
            .right("trained by Keras: from scratch / DL4J")
            .right("DL4J / Keras")
            .right("from scratch / Keras");
    Set<String> names = new LinkedHashSet<>();
    trained.ifPresent(run -> names.addAll(names(run, "test-set")));
    keras.ifPresent(run -> names.addAll(names(run, "all-images")));
    String last = names.stream().reduce((a, b) -> b).orElse("");
    for (String layer : names) {
      JsonNode expected =
          layer.equals(last) ? keras.map(run -> run.result().path("expected")).orElse(null) : null;
      table.row(
          Cell.text(layer),
          Cell.text(
              trained
                  .map(run -> kind(run, layer))
                  .filter(kind -> !kind.isEmpty())
                  .or(() -> keras.map(run -> kind(run, layer)))
                  .orElse("")),
          relative(trained, "test-set", layer),
          relative(keras, "all-images", layer),
          against(expected, "library"),
          against(expected, "scratch"));
    }
    return table;
  }

  private static List<String> names(RecordedRun run, String scope) {
    return run.layers().stream()
        .filter(row -> row.text("scope").equals(scope))
        .map(row -> row.text("layer"))
        .toList();
  }

  private static String kind(RecordedRun run, String layer) {
    return run.layers().stream()
        .filter(row -> row.text("layer").equals(layer))
        .map(row -> row.text("kind"))
        .findFirst()
        .orElse("");
  }

  private static Cell relative(Optional<RecordedRun> run, String scope, String layer) {
    return run.stream()
        .flatMap(found -> found.layers().stream())
        .filter(row -> row.text("scope").equals(scope) && row.text("layer").equals(layer))
        .findFirst()
        .map(row -> Cell.scientific(row.number("relative")))
        .orElse(Cell.text("not recorded"));
  }

  private static Cell against(JsonNode expected, String who) {
    return expected == null || !expected.path(who).isObject()
        ? Cell.text("not recorded")
        : Cell.scientific(
            number(expected.path(who).path("maxAbs"))
                / number(expected.path(who).path("maxReference")));
  }

  private static Table scores(RecordedRun run) {
    Table table =
        new Table(
                "The model of %s on %s images, in each implementation"
                    .formatted(run.name(), Numbers.count(run.result().path("images").asLong())))
            .left("")
            .right("loss")
            .right("accuracy");
    score(table, "Keras (the expected outputs)", run.result().path("scores").path("expected"));
    score(table, "DL4J", run.result().path("scores").path("library"));
    score(table, "from scratch", run.result().path("scores").path("scratch"));
    return table;
  }

  private static void score(Table table, String who, JsonNode score) {
    if (score.isObject()) {
      double loss = number(score.path("loss"));
      double accuracy = number(score.path("accuracy"));
      table.row(
          Cell.text(who),
          Cell.number(loss, Numbers.fixed(loss, 6)),
          Cell.number(accuracy, Numbers.fixed(accuracy, 4)));
    }
  }

  /** Training step by step. */
  static Section parity(Runs runs) {
    List<Section> parts =
        runs.of(RunKind.PARITY).stream().map(run -> RunSections.section(run, steps(run))).toList();
    return new Section(
        "training",
        "Training step by step",
        List.of(
            new Paragraph(
                "Does the engine written from scratch learn like the library? Both train the network of Task 1 from the same weights on the same batches.")),
        parts);
  }

  private static List<Block> steps(RecordedRun run) {
    Table table =
        new Table(
                "Parameters after %s steps; a is DL4J, b is from scratch"
                    .formatted(run.result().path("steps").asInt()))
            .left("parameter")
            .right("values")
            .right("max |a−b|")
            .right("relative");
    for (JsonNode p : run.result().path("parameters")) {
      table.row(
          Cell.text(p.path("name").asText()),
          Cell.count(p.path("values").asLong()),
          Cell.scientific(number(p.path("maxAbs"))),
          Cell.scientific(number(p.path("relative"))));
    }
    return table.isEmpty() ? List.of() : List.of(table);
  }

  /** Images per second. */
  static Section bench(Runs runs) {
    List<Section> parts =
        runs.of(RunKind.BENCH).stream().map(run -> RunSections.section(run, speeds(run))).toList();
    return new Section(
        "speed",
        "Speed",
        List.of(
            new Paragraph(
                "Images per second for each engine and setting: the median of several repeats in one run, with their range. The ratio is relative to the best setting of DL4J for the same network and mode.")),
        parts);
  }

  private static List<Block> speeds(RecordedRun run) {
    Table table =
        new Table("Median of %s repeats".formatted(run.result().path("repeats").asInt()))
            .left("network")
            .left("mode")
            .left("engine")
            .right("batch")
            .right("threads")
            .right("images/s")
            .right("lowest")
            .right("highest")
            .right("ratio");
    for (JsonNode row : run.result().path("rows")) {
      double ratio = number(row.path("ratio"));
      table.row(
          Cell.text(row.path("model").asText()),
          Cell.text(row.path("mode").asText()),
          Cell.text(row.path("engine").asText()),
          Cell.count(row.path("batch").asLong()),
          Cell.count(row.path("threads").asLong()),
          Cell.count(Math.round(number(row.path("imagesPerSecond")))),
          Cell.count(Math.round(number(row.path("min")))),
          Cell.count(Math.round(number(row.path("max")))),
          Cell.number(ratio, Numbers.fixed(ratio, 2)));
    }
    return table.isEmpty() ? List.of() : List.of(table);
  }
}
