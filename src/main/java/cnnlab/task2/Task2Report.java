package cnnlab.task2;

import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.experiment.Claim;
import cnnlab.experiment.DivergedTraining;
import cnnlab.experiment.FinishedTraining;
import cnnlab.experiment.FinishedTrainings;
import cnnlab.experiment.TopErrors;
import cnnlab.experiment.Variant;
import cnnlab.metric.ConfusionMatrix;
import cnnlab.metric.Scale;
import cnnlab.metric.Summary;
import cnnlab.model.MnistCnn;
import cnnlab.plot.ConfusionPlot;
import cnnlab.plot.LinePlot;
import cnnlab.plot.Picture;
import cnnlab.plot.StripPlot;
import cnnlab.report.claim.LabReport;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.store.RunDirectory;
import cnnlab.task2.Task2Result.VariantSummary;
import cnnlab.text.MarkdownReport;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** Writes the files of Task 2 and prints its tables. */
final class Task2Report {
  private static final String[] DIGITS =
      IntStream.range(0, MnistCnn.CLASSES).mapToObj(String::valueOf).toArray(String[]::new);

  private Task2Report() {}

  static void write(
      Run run,
      Task2Config config,
      Task2Result result,
      FinishedTrainings<Task2Repetition.Row> trainings,
      ImageSet test)
      throws IOException {
    RunDirectory directory = run.directory();
    directory.writeCsv("runs.csv", Task2Repetition.Row.class, trainings.rows());
    directory.writeJson("result.json", result);
    directory.tryWritePng("accuracy.png", mark -> strip(config, result).png(mark));
    if (scales(result)) {
      directory.tryWritePng("scaling.png", mark -> scaling(result).png(mark));
    }
    if (result.medianRun() != null) {
      median(directory, config, result.medianRun(), trainings, test);
    }
    directory.writeReport(markdown(run, config, result, trainings));
    run.finishProvenance();
  }

  private static void median(
      RunDirectory directory,
      Task2Config config,
      int repetition,
      FinishedTrainings<Task2Repetition.Row> trainings,
      ImageSet test)
      throws IOException {
    float[] median = trainings.of(trainings.variants().get(0)).get(repetition - 1).probabilities();
    int[] labels = Task2.labels(config, test);
    directory.tryWritePng(
        "confusion.png",
        mark ->
            ConfusionPlot.draw(
                    "Test images of the median run",
                    ConfusionMatrix.confusion(median, labels, test.classes()),
                    DIGITS)
                .png(mark));
    directory.tryWritePng(
        "mistakes.png",
        mark ->
            TopErrors.draw(
                    "the median run", ImageSubset.all(test).first(labels.length), median, DIGITS)
                .png(mark));
  }

  static void print(
      PrintStream out, Task2Config config, Task2Result result, RunDirectory directory) {
    out.println();
    out.println(variants(config, result));
    Claim.print(out, result.claims());
    if (result.testTimeAveraging() != null) {
      out.printf(
          "With test-time averaging over five shifts: mean %s%n",
          Numbers.fixed(result.testTimeAveraging().mean(), 4));
    }
    if (result.n() > 0) {
      out.printf(
          "Ensemble of all %s networks (not one model): %s%n",
          result.n(), Numbers.fixed(result.ensemble(), 4));
    }
    DivergedTraining.print(out, result.diverged(), trainings(config));
    out.printf("Results are in %s%n", RunOptions.display(directory.directory()));
  }

  /** The total number of trainings. */
  private static int trainings(Task2Config config) {
    return config.allVariants().size() * config.repetitions();
  }

  private static TextTable variants(Task2Config config, Task2Result result) {
    TextTable table =
        new TextTable()
            .left("test accuracy")
            .right("n")
            .right("mean")
            .right("sd")
            .right("population variance")
            .left("95 % interval");
    Summary report = summary(LabReport.task2Accuracies(), config);
    row(table, "the report", report, result);
    if (result.variants().isEmpty()) {
      row(table, config.experiment(), own(config, result), result);
    }
    result.variants().forEach(v -> row(table, v.name(), v.test(), result));
    return table;
  }

  private static Summary summary(double[] accuracies, Task2Config config) {
    return Summary.of(accuracies, config.seed(), Scale.PROPORTION);
  }

  /** The summary of a run without variants; null when all trainings diverged. */
  private static Summary own(Task2Config config, Task2Result result) {
    return result.n() == 0 ? null : summary(result.accuracies(), config);
  }

  private static void row(TextTable table, String name, Summary s, Task2Result result) {
    String n = DivergedTraining.count(s == null ? 0 : s.n(), result.diverged(), name);
    if (s == null) {
      table.row(name, n, "none", "", "", "");
      return;
    }
    table.row(
        name,
        n,
        Numbers.fixed(s.mean(), 4),
        Numbers.spread(s.sd(), 4),
        s.n() == 1 ? "" : Numbers.scientific(s.populationVariance()),
        Numbers.interval(s.ci95(), 4));
  }

  private static Picture strip(Task2Config config, Task2Result result) {
    List<StripPlot.Group> groups = new ArrayList<>();
    groups.add(group("the report", summary(LabReport.task2Accuracies(), config)));
    if (result.variants().isEmpty() && result.n() > 0) {
      groups.add(group(config.experiment(), own(config, result)));
    }
    result.variants().stream()
        .filter(v -> v.test() != null)
        .forEach(v -> groups.add(group(v.name(), v.test())));
    return StripPlot.draw(
        "Test accuracy of each run, mean and 95 % interval", "test accuracy", groups);
  }

  /** Whether variants differ in the number of training images. */
  private static boolean scales(Task2Result result) {
    return result.variants().stream()
            .filter(v -> v.test() != null)
            .mapToInt(VariantSummary::trainSize)
            .distinct()
            .count()
        > 1;
  }

  /** One curve for all variants whose names differ only in a number at the end. */
  private static Picture scaling(Task2Result result) {
    Map<String, List<VariantSummary>> lines = new LinkedHashMap<>();
    for (VariantSummary v : result.variants()) {
      if (v.test() == null) {
        continue;
      }
      String line = v.name().replaceAll("-\\d+$", "");
      lines.computeIfAbsent(line, name -> new ArrayList<>()).add(v);
    }
    List<LinePlot.Series> series = new ArrayList<>();
    lines.forEach(
        (name, variants) ->
            series.add(
                new LinePlot.Series(
                    name,
                    variants.stream().mapToDouble(VariantSummary::trainSize).toArray(),
                    variants.stream().mapToDouble(v -> v.test().mean()).toArray(),
                    variants.stream().mapToDouble(v -> v.test().ci95()[0]).toArray(),
                    variants.stream().mapToDouble(v -> v.test().ci95()[1]).toArray())));
    return LinePlot.draw(
        List.of(
            new LinePlot.Panel(
                "Mean test accuracy and 95 % interval",
                new LinePlot.Axis("training images, logarithmic scale", true),
                new LinePlot.Axis("test accuracy", false),
                series)));
  }

  private static StripPlot.Group group(String name, Summary s) {
    return new StripPlot.Group(name, s.values(), s.mean(), s.ci95()[0], s.ci95()[1]);
  }

  private static MarkdownReport markdown(
      Run run,
      Task2Config config,
      Task2Result result,
      FinishedTrainings<Task2Repetition.Row> trainings) {
    MarkdownReport report =
        new MarkdownReport()
            .heading(1, "Task 2: training on " + range(config, Task2Config::trainSize) + " images")
            .paragraph(
                "Each repetition draws its own training images at random from the %s that are not held out, trains on them, and is evaluated once on the test images. Engine: %s. The report: five runs, mean accuracy 0.91756, population variance 0.00039897."
                    .formatted(
                        range(config, Task2Config::notHeldOut),
                        Variant.engines(config.allVariants(), Task2Config::engine)));
    DivergedTraining.addTo(report, result.diverged(), trainings.rows().size());
    report.table(variants(config, result)).image("Test accuracy of each run", "accuracy.png");
    if (scales(result)) {
      report.image("Test accuracy against the number of training images", "scaling.png");
    }
    Claim.addTo(report, "Claims", result.claims());
    report.heading(2, "Runs").table(rows(trainings));
    if (result.medianRun() != null) {
      addMedian(report, result);
    }
    return report
        .heading(2, "How to repeat this run")
        .code("sh", run.repeat("task2", Task2Config.QUICK));
  }

  private static void addMedian(MarkdownReport report, Task2Result result) {
    report
        .heading(2, "The median run")
        .paragraph("Repetition %s, `model.zip`.".formatted(result.medianRun()))
        .image("Confusion matrix", "confusion.png")
        .image("Mistakes", "mistakes.png")
        .heading(2, "Reported separately")
        .paragraph(
            "Ensemble of all networks (more than one model, trained on more images than one draw has): %s. Test-time averaging over five shifts: %s."
                .formatted(
                    Numbers.fixed(result.ensemble(), 4),
                    result.testTimeAveraging() == null
                        ? "not done"
                        : Numbers.fixed(result.testTimeAveraging().mean(), 4)));
  }

  /** A number of the variants: the common value, or the range. */
  private static String range(Task2Config config, ToIntFunction<Task2Config> number) {
    IntSummaryStatistics all =
        config.allVariants().stream()
            .mapToInt(v -> number.applyAsInt(v.config()))
            .summaryStatistics();
    return all.getMin() == all.getMax()
        ? Numbers.count(all.getMin())
        : Numbers.count(all.getMin()) + " to " + Numbers.count(all.getMax());
  }

  private static TextTable rows(FinishedTrainings<Task2Repetition.Row> trainings) {
    TextTable table =
        new TextTable()
            .left("variant")
            .right("repetition")
            .left("images per digit")
            .right("validation")
            .right("test")
            .right("seconds")
            .left("outcome");
    for (Task2Repetition.Row r : trainings.rows()) {
      table.row(
          r.variant(),
          String.valueOf(r.repetition()),
          Arrays.toString(r.classCounts()),
          r.diverged() ? "none" : Numbers.fixed(r.validationAccuracy(), 4),
          r.diverged() ? "none" : Numbers.fixed(r.testAccuracy(), 4),
          Numbers.fixed(r.seconds(), 1),
          r.diverged() ? "diverged, " + r.divergence() : FinishedTraining.Row.TRAINED);
    }
    return table;
  }
}
