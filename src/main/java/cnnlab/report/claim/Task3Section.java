package cnnlab.report.claim;

import static cnnlab.report.Estimate.number;

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
import java.util.Map;

/** The section on Task 3: tumour in patches of lymph nodes. */
final class Task3Section {
  private static final Map<String, String> SCORES =
      Map.of(
          "auc", "area under the ROC curve (AUC)",
          "f1", "F1",
          "brier", "Brier score",
          "ece", "expected calibration error");

  private Task3Section() {}

  static Section of(Runs runs) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Paragraph(
            "Is there tumour in a patch of a lymph node? The patches of 32 × 32 pixels are from PatchCamelyon; validation patches come from other slides than training patches, except in runs with grouped validation, which leave out groups of the training patches. Scores can be compared with each other, but not with those published for the whole data set, unless a run says that it used the whole data set."));
    blocks.add(heads(runs));
    List<Section> parts =
        runs.of(RunKind.TASK3).stream().map(run -> RunSections.section(run, own(run))).toList();
    return new Section("task-3", "Task 3: tumour in lymph nodes", blocks, parts);
  }

  private static Table heads(Runs runs) {
    Table table =
        new Table("Validation accuracy and area under the ROC curve")
            .left("")
            .right("n")
            .right("training patches")
            .right("accuracy")
            .left("95 % interval")
            .drawn("drawn; the line is the lab report", LabReport.TASK3_ACCURACY)
            .right("AUC")
            .left("95 % interval of AUC");
    published(table, "lab report", LabReport.TASK3_ACCURACY, 2);
    published(table, "best other public solution", LabReport.TASK3_BEST_PUBLIC, 4);
    for (RecordedRun run : runs.of(RunKind.TASK3)) {
      if (run.isEvidence() && run.result().path("variants").isEmpty()) {
        Estimate accuracy = Estimate.of(run.result().path("validation").path("accuracy"));
        Estimate auc = Estimate.of(run.result().path("validation").path("auc"));
        table.row(
            Cell.link(run.experiment(), run.id()),
            Cell.count(accuracy.n()),
            Cell.count(run.result().path("patches").path("train").asLong()),
            Cell.fixed(accuracy.mean()),
            Cell.interval(accuracy),
            Cell.drawn(accuracy),
            Cell.fixed(auc.mean()),
            Cell.interval(auc));
      }
    }
    return table;
  }

  private static void published(Table table, String name, double accuracy, int decimals) {
    Cell empty = Cell.text("");
    table.row(
        Cell.text(name),
        Cell.count(1),
        Cell.number(LabReport.TASK3_PATCHES, "about " + Numbers.count(LabReport.TASK3_PATCHES)),
        Cell.number(accuracy, Numbers.fixed(accuracy, decimals)),
        empty,
        Cell.drawn(new Estimate(1, accuracy, Double.NaN, Double.NaN)),
        empty,
        empty);
  }

  private static List<Block> own(RecordedRun run) {
    List<Block> blocks = new ArrayList<>();
    if (!run.hasResult()) {
      return blocks;
    }
    JsonNode patches = run.result().path("patches");
    blocks.add(
        new Paragraph(
            "Data: %s. Trained on %s patches, validated on %s; %s parameters; trained %s."
                .formatted(
                    run.result().path("data").asText("not recorded"),
                    Numbers.count(patches.path("train").asLong()),
                    Numbers.count(patches.path("validation").asLong()),
                    Numbers.count(run.result().path("parameters").asLong()),
                    RunSections.trainer(run))));
    blocks.add(scores(run));
    blocks.addAll(
        Comparisons.variants(run, "accuracy", "Validation accuracy of each variant", Double.NaN));
    blocks.addAll(
        Comparisons.variants(run, "auc", "Area under the ROC curve of each variant", Double.NaN));
    blocks.addAll(Comparisons.paired(run, "claims", "validation accuracy"));
    blocks.addAll(Comparisons.paired(run, "claimsByAuc", "area under the ROC curve"));
    blocks.add(separate(run));
    blocks.add(purple(run));
    blocks.removeIf(block -> block instanceof Table table && table.isEmpty());
    return blocks;
  }

  private static Table scores(RecordedRun run) {
    JsonNode variants = run.result().path("variants");
    Table table =
        new Table(
                "Scores on the validation patches"
                    + (variants.isEmpty() ? "" : " of " + variants.path(0).path("name").asText()))
            .left("score")
            .right("n")
            .right("mean")
            .right("sd")
            .left("95 % interval over trainings")
            .left("95 % interval over patches, median training");
    for (Map.Entry<String, JsonNode> score : run.result().path("validation").properties()) {
      Estimate e = Estimate.of(score.getValue(), Scale.ofScore(score.getKey()));
      JsonNode patches = score.getValue().path("patches95");
      table.row(
          Cell.text(SCORES.getOrDefault(score.getKey(), score.getKey())),
          Cell.count(e.n()),
          Cell.fixed(e.mean()),
          Cell.fixed(number(score.getValue().path("sd"))),
          Cell.interval(e),
          Cell.interval(
              new Estimate(1, e.mean(), number(patches.path(0)), number(patches.path(1)))));
    }
    return table;
  }

  private static Table separate(RecordedRun run) {
    Table table =
        new Table(
                "Reported separately, because it is not a single network that sees each patch once")
            .left("")
            .right("n")
            .right("accuracy")
            .left("95 % interval")
            .right("AUC")
            .left("95 % interval of AUC");
    JsonNode result = run.result();
    scored(table, "average over the eight symmetries of each patch", result.path("symmetries"));
    scored(
        table,
        "batch normalisation adapted to the validation patches, without their labels",
        result.path("adapted"));
    JsonNode ensemble = result.path("ensemble");
    String networks = "ensemble of %s networks".formatted(ensemble.path("networks").asInt());
    single(table, networks, ensemble.path("accuracy"), ensemble.path("auc"));
    single(
        table,
        networks + ", average over the eight symmetries",
        ensemble.path("symmetriesAccuracy"),
        ensemble.path("symmetriesAuc"));
    return table;
  }

  /** Adds a row of scores over the trainings, if they are recorded. */
  private static void scored(Table table, String name, JsonNode scores) {
    Estimate accuracy = Estimate.of(scores.path("accuracy"));
    if (accuracy.known()) {
      Estimate auc = Estimate.of(scores.path("auc"));
      table.row(
          Cell.text(name),
          Cell.count(accuracy.n()),
          Cell.fixed(accuracy.mean()),
          Cell.interval(accuracy),
          Cell.fixed(auc.mean()),
          Cell.interval(auc));
    }
  }

  /** Adds a row of single scores, if they are recorded. */
  private static void single(Table table, String name, JsonNode accuracy, JsonNode auc) {
    if (accuracy.isNumber()) {
      Cell empty = Cell.text("");
      table.row(
          Cell.text(name),
          Cell.count(1),
          Cell.fixed(number(accuracy)),
          empty,
          Cell.fixed(number(auc)),
          empty);
    }
  }

  private static Table purple(RecordedRun run) {
    Table table =
        new Table(
                "Is it the purple? Classifiers that use one feature, the patch's mean of it; the claim is judged by pinkness, R − G")
            .left("feature")
            .left("value in tumours")
            .right("training AUC")
            .right("validation AUC")
            .left("95 % interval over patches");
    for (JsonNode feature : run.result().path("purple")) {
      JsonNode interval = feature.path("patches95");
      double auc = number(feature.path("validationAuc"));
      table.row(
          Cell.text(feature.path("feature").asText()),
          Cell.text(feature.path("moreIsTumour").asBoolean() ? "higher" : "lower"),
          Cell.fixed(number(feature.path("trainAuc"))),
          Cell.fixed(auc),
          Cell.interval(new Estimate(1, auc, number(interval.path(0)), number(interval.path(1)))));
    }
    return table;
  }
}
