package cnnlab.task3;

import cnnlab.console.FittedStream;
import cnnlab.experiment.Claim;
import cnnlab.experiment.DivergedTraining;
import cnnlab.experiment.FinishedTraining;
import cnnlab.experiment.FinishedTrainings;
import cnnlab.experiment.Variant;
import cnnlab.report.claim.LabReport;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.store.RunDirectory;
import cnnlab.text.Enums;
import cnnlab.text.MarkdownReport;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import cnnlab.training.WatchedMetric;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the files of Task 3 and prints its tables. In runs on synthetic patches every line is
 * marked, and scores are written nowhere else.
 */
final class Task3Report {
  private static final int DECIMALS = 4;

  private Task3Report() {}

  static void write(
      Run run,
      Task3Config config,
      Task3Result result,
      FinishedTrainings<Task3Row> trainings,
      Task3Data data)
      throws IOException {
    RunDirectory directory = run.directory();
    directory.writeCsv("runs.csv", Task3Row.class, trainings.rows());
    directory.writeJson("result.json", config.synthetic() ? withoutScores(result) : result);
    Task3Plots pictures = new Task3Plots(directory, config, data, trainings, result);
    pictures.write();
    directory.writeReport(markdown(run, config, result, trainings, pictures));
    run.finishProvenance();
  }

  /** The result without scores: those of synthetic patches must not stand where no mark is seen. */
  private static Map<String, Object> withoutScores(Task3Result result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("experiment", result.experiment());
    json.put("seed", result.seed());
    json.put("data", result.data());
    json.put("engine", result.engine());
    json.put("n", result.n());
    json.put("parameters", result.parameters());
    json.put("patches", result.patches());
    json.put("diverged", result.diverged());
    json.put("durationSeconds", result.durationSeconds());
    return json;
  }

  static void print(
      PrintStream out, Task3Config config, Task3Result result, RunDirectory directory) {
    out.println();
    out.println(scores(result));
    if (!result.variants().isEmpty()) {
      out.println(variants(result));
    }
    if (result.grouped() != null) {
      out.println(GroupTables.groups(result.grouped()));
      out.println(GroupTables.variants(result.grouped()));
      FittedStream.prose(out, GroupTables.evidence(result.grouped()));
      if (!GroupTables.missing(result.grouped()).isEmpty()) {
        FittedStream.prose(out, GroupTables.missing(result.grouped()));
      }
    }
    Claim.print(out, result.claims());
    if (separate(result)) {
      out.println(separately(result));
    }
    if (!result.purple().isEmpty()) {
      out.println(purple(result));
    }
    int trainings = config.allVariants().size() * config.repetitions();
    DivergedTraining.print(out, result.diverged(), trainings);
    FittedStream.prose(out, "Patches: " + result.data());
    out.printf("Results are in %s%n", RunOptions.display(directory.directory()));
  }

  private static TextTable scores(Task3Result result) {
    TextTable table =
        new TextTable()
            .left(result.grouped() == null ? "validation" : "groups left out")
            .right("n")
            .right("mean")
            .right("sd")
            .left("95 % interval over runs")
            .left("over patches (median run)");
    table.row("accuracy, the report", "1", Numbers.fixed(LabReport.TASK3_ACCURACY, 2), "", "", "");
    result.validation().forEach((name, score) -> row(table, name, score));
    if (result.test() != null) {
      result.test().forEach((name, score) -> row(table, "test " + name, score));
    }
    return table;
  }

  private static void row(TextTable table, String name, Task3Result.Score s) {
    if (s == null) {
      table.row(name, "0", "none", "", "", "");
      return;
    }
    table.row(
        name,
        String.valueOf(s.n()),
        Numbers.fixed(s.mean(), DECIMALS),
        Numbers.spread(s.sd(), DECIMALS),
        Numbers.interval(s.ci95(), DECIMALS),
        s.patches95() == null ? "" : Numbers.interval(s.patches95(), DECIMALS));
  }

  private static TextTable variants(Task3Result result) {
    TextTable table =
        new TextTable()
            .left("variant")
            .right("n")
            .right("accuracy")
            .right("sd")
            .left("95 % interval")
            .right("AUC")
            .right("sd")
            .right("with symmetries")
            .right("adapted");
    for (Task3Result.VariantSummary v : result.variants()) {
      String n =
          DivergedTraining.count(
              v.accuracy() == null ? 0 : v.accuracy().n(), result.diverged(), v.name());
      if (v.accuracy() == null) {
        table.row(v.name(), n, "none", "", "", "none", "", "", "");
        continue;
      }
      table.row(
          v.name(),
          n,
          Numbers.fixed(v.accuracy().mean(), DECIMALS),
          Numbers.spread(v.accuracy().sd(), DECIMALS),
          Numbers.interval(v.accuracy().ci95(), DECIMALS),
          v.auc() == null ? "none" : Numbers.fixed(v.auc().mean(), DECIMALS),
          v.auc() == null ? "" : Numbers.spread(v.auc().sd(), DECIMALS),
          mean(v.symmetriesAccuracy()),
          mean(v.adaptedAccuracy()));
    }
    return table;
  }

  /** The mean of a score; empty for null. */
  private static String mean(Task3Result.Score s) {
    return s == null ? "" : Numbers.fixed(s.mean(), DECIMALS);
  }

  /** The scores of more than one network, or of more than one view of a patch. */
  private static TextTable separately(Task3Result result) {
    TextTable table =
        new TextTable().left("reported separately").right("n").right("accuracy").right("AUC");
    separately(table, "mean over the eight symmetries", result.symmetries());
    separately(table, "batch normalisation measured on the validation patches", result.adapted());
    Task3Result.Ensemble e = result.ensemble();
    if (e == null) {
      return table;
    }
    String name = "ensemble of %s network%s".formatted(e.networks(), e.networks() == 1 ? "" : "s");
    table.row(name, "1", Numbers.fixed(e.accuracy(), DECIMALS), optional(e.auc()));
    if (e.symmetriesAccuracy() != null) {
      table.row(
          name + ", eight symmetries",
          "1",
          Numbers.fixed(e.symmetriesAccuracy(), DECIMALS),
          optional(e.symmetriesAuc()));
    }
    return table;
  }

  private static boolean separate(Task3Result result) {
    return result.n() > 0
        && (result.ensemble() != null || result.symmetries() != null || result.adapted() != null);
  }

  private static void separately(
      TextTable table, String name, Map<String, Task3Result.Score> scores) {
    if (scores != null) {
      table.row(
          name,
          String.valueOf(scores.get("accuracy").n()),
          Numbers.fixed(scores.get("accuracy").mean(), DECIMALS),
          scores.get("auc") == null ? "none" : Numbers.fixed(scores.get("auc").mean(), DECIMALS));
    }
  }

  private static String optional(Double value) {
    return value == null ? "none" : Numbers.fixed(value, DECIMALS);
  }

  private static TextTable purple(Task3Result result) {
    TextTable table =
        new TextTable()
            .left("classifier by one number")
            .left("tumours have")
            .right("training AUC")
            .right("validation AUC")
            .left("95 % interval over patches");
    for (PurplenessClassifier p : result.purple()) {
      table.row(
          "mean " + p.feature().replace('_', ' '),
          p.moreIsTumour() ? "more" : "less",
          Numbers.fixed(p.trainAuc(), DECIMALS),
          Numbers.fixed(p.validationAuc(), DECIMALS),
          Numbers.interval(p.patches95(), DECIMALS));
    }
    Task3Result.Score auc = result.validation().get("auc");
    if (auc != null) {
      table.row("the network, for comparison", "", "", Numbers.fixed(auc.mean(), DECIMALS), "");
    }
    return table;
  }

  private static MarkdownReport markdown(
      Run run,
      Task3Config config,
      Task3Result result,
      FinishedTrainings<Task3Row> trainings,
      Task3Plots pictures) {
    MarkdownReport report =
        new MarkdownReport()
            .heading(1, "Task 3: tumour in patches of lymph nodes")
            .paragraph(
                "**Data:** %s. %s%s Engine: %s; %s parameters; %s.%s"
                    .formatted(
                        result.data(),
                        validated(result),
                        taught(config),
                        result.engine(),
                        Numbers.count(result.parameters()),
                        Numbers.counted(config.repetitions(), "repetition"),
                        shown(config)));
    DivergedTraining.addTo(report, result.diverged(), trainings.rows().size());
    report
        .table(scores(result))
        .paragraph(
            "The report gives an accuracy of about 0.79. The best public solution of this lab, trained on 100,000 patches, has 0.8218 on its validation patches and 0.8119 on its hidden test patches. Those are other patches, so the scores cannot be compared directly. "
                + selection(config)
                + " Intervals over patches assume independent patches; patches of one slide are not independent, so these intervals are too narrow.")
        .image(
            result.grouped() == null
                ? "Validation accuracy of each run"
                : "Accuracy of each run on the group left out",
            "accuracy.png")
        .image("ROC curves", "roc.png");
    if (result.grouped() != null) {
      GroupTables.addTo(report, result.grouped());
    }
    addVariants(report, result);
    report.heading(2, "Runs").table(rows(trainings));
    if (separate(result)) {
      report.heading(2, "Reported separately").table(separately(result));
    }
    if (!result.purple().isEmpty()) {
      report
          .heading(2, "Is it just the purple colour?")
          .paragraph(
              "The report observes that tumours look more purple. The table shows classifiers that use a single number, the mean purpleness of a patch, for several definitions of purple. The direction is taken from the training patches. The plot above shows pinkness, the mean of R − G.")
          .table(purple(result));
    }
    if (result.medianRun() != null) {
      report
          .heading(2, "The median run")
          .paragraph("Repetition %s, `model.zip`.".formatted(result.medianRun()))
          .image("Confusion matrix", "confusion.png")
          .image("Reliability diagram", "reliability.png")
          .image("The most confident mistakes", "mistakes.png")
          .image("Occlusion maps and Grad-CAM", "occlusion.png")
          .paragraph(agreement(result.maps()));
    }
    for (String transform : Task3Plots.SHEETS) {
      if (pictures.has(transform)) {
        report.image("Patches before and after: " + transform, transform + ".png");
      }
    }
    return report
        .heading(2, "How to repeat this run")
        .code("sh", run.repeat("task3", Task3Config.QUICK));
  }

  /** A sentence on the patches for training and validation. */
  private static String validated(Task3Result result) {
    String train = Numbers.count(result.patches().train());
    if (result.grouped() == null) {
      return "Trained on %s patches, validated on %s patches of other slides."
          .formatted(train, Numbers.count(result.patches().validation()));
    }
    return "%s training patches in %s groups by estimated slide; each training leaves out one group and is validated on it. The validation and test files were not used."
        .formatted(train, result.grouped().groups().size());
  }

  /** A sentence on distillation in the shown variant, empty without. */
  private static String taught(Task3Config config) {
    Task3Config shown = config.allVariants().get(0).config();
    Task3Config.Distillation d = shown.distillation();
    if (d.teachers() == 0) {
      return "";
    }
    String learned =
        " Each network learned from %s, with a share of %s in the targets."
            .formatted(Numbers.counted(d.teachers(), "teacher"), d.weight());
    if (d.unlabelled() == Task3Config.Unlabelled.NONE) {
      return learned;
    }
    return learned
        + (shown.grouped()
            ? " It also learned from the patches of the group left out, without their labels, so the scores are transductive."
            : " It also learned from the test patches, without labels, so scores on them are transductive.");
  }

  /** How well the two kinds of maps agree. */
  private static String agreement(Task3Maps.Agreement maps) {
    String how =
        "Occlusion hides a part of the patch and runs the network again; Grad-CAM (Selvaraju et al. 2017) weights the feature maps of `%s` by their gradients. "
            .formatted(maps.layer());
    if (maps.mean() == null) {
      return how + "No patch has two maps that could be compared.";
    }
    String other =
        maps.otherPatch() == null
            ? ""
            : " With the Grad-CAM of another patch it is %s."
                .formatted(Numbers.fixed(maps.otherPatch(), 2));
    return how
        + "How well do the two agree? Over the pixels of a patch, the rank correlation (Spearman) of the positive part of the occlusion map with Grad-CAM has mean %s, 95 %% interval %s (n = %s of %s patches%s).%s"
            .formatted(
                Numbers.fixed(maps.mean(), 2),
                Numbers.interval(maps.ci95(), 2),
                Numbers.count(maps.n()),
                Numbers.count(maps.patches()),
                maps.n() == maps.patches()
                    ? ""
                    : "; in the others a map has the same value everywhere",
                other);
  }

  /** A sentence on the variant that the scores at the top belong to, if there are several. */
  private static String shown(Task3Config config) {
    List<Variant<Task3Config>> all = config.allVariants();
    return all.size() == 1
        ? ""
        : " These figures, the scores below and `model.zip` belong to the first variant, %s."
            .formatted(all.get(0).name());
  }

  /** A sentence on how the weights of the shown variant were selected. */
  private static String selection(Task3Config config) {
    Task3Config shown = config.allVariants().get(0).config();
    return shown.earlyStopping().watch() == WatchedMetric.NONE
        ? "All epochs were trained and the last weights were kept."
        : "The weights of the best epoch by %s were kept, so the validation scores are slightly too high."
            .formatted(Enums.words(shown.earlyStopping().watch()));
  }

  private static void addVariants(MarkdownReport report, Task3Result result) {
    if (!result.variants().isEmpty()) {
      report
          .heading(2, "Variants")
          .paragraph(
              "All variants use the same seeds; the scores above are those of the first variant.")
          .table(variants(result));
    }
    Claim.addTo(report, "Claims, by accuracy", result.claims());
    Claim.addTo(report, "Claims, by area under the ROC curve", result.claimsByAuc());
  }

  private static TextTable rows(FinishedTrainings<Task3Row> trainings) {
    TextTable table =
        new TextTable()
            .left("variant")
            .right("repetition")
            .right("kept epoch")
            .right("training accuracy")
            .right("validation accuracy")
            .right("AUC")
            .right("images/s")
            .right("seconds")
            .left("outcome");
    for (Task3Row r : trainings.rows()) {
      table.row(
          r.variant(),
          String.valueOf(r.repetition()),
          r.diverged() ? "none" : String.valueOf(r.keptEpoch()),
          optional(r.trainAccuracy()),
          optional(r.accuracy()),
          optional(r.auc()),
          r.diverged() ? "" : Numbers.fixed(r.imagesPerSecond(), 0),
          Numbers.fixed(r.seconds(), 1),
          r.diverged() ? "diverged, " + r.divergence() : FinishedTraining.Row.TRAINED);
    }
    return table;
  }
}
