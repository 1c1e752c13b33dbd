package cnnlab.experiment;

import cnnlab.data.ImageSet;
import cnnlab.engine.Metrics;
import cnnlab.experiment.Task2Result.VariantSummary;
import cnnlab.model.MnistCnn;
import cnnlab.report.ConfusionPlot;
import cnnlab.report.MarkdownReport;
import cnnlab.report.Numbers;
import cnnlab.report.Plots;
import cnnlab.report.RunDirectory;
import cnnlab.report.StripPlot;
import cnnlab.report.TextTable;
import cnnlab.report.reproduction.LabReport;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What Task 2 writes and prints. */
final class Task2Report {
  private static final String[] DIGITS =
      IntStream.range(0, MnistCnn.CLASSES).mapToObj(String::valueOf).toArray(String[]::new);

  private Task2Report() {}

  static void write(
      Run run,
      Task2Config config,
      Task2Result result,
      Trainings<Task2Repetition.Row> trainings,
      ImageSet test)
      throws IOException {
    RunDirectory directory = run.directory();
    directory.writeCsv("runs.csv", Task2Repetition.Row.class, trainings.rows());
    directory.writeJson("result.json", result);
    directory.tryWritePng("accuracy.png", () -> strip(config, result));
    if (scales(result)) {
      directory.tryWritePng("scaling.png", () -> scaling(result));
    }
    float[] median =
        trainings
            .of(trainings.variants().get(0))
            .get(Statistics.medianRun(result.accuracies()))
            .probabilities();
    int[] labels = Task2SmallData.labels(config, test);
    directory.tryWritePng(
        "confusion.png",
        () ->
            ConfusionPlot.draw(
                "Test images of the median run",
                Metrics.confusion(median, labels, test.classes()),
                DIGITS));
    directory.tryWritePng(
        "mistakes.png", () -> Mistakes.draw("the median run", test, labels, median, DIGITS));
    directory.writeText("report.md", markdown(config, result, trainings));
    run.finishProvenance();
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
    out.printf(
        "Ensemble of all %s networks (not one model): %s%n",
        result.n(), Numbers.fixed(result.ensemble(), 4));
    out.printf("Results are in %s%n", Task1Report.shortest(directory.directory()));
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
    Statistics.Summary report = Statistics.Summary.of(LabReport.task2Accuracies(), config.seed());
    row(table, "the report", report);
    if (result.variants().isEmpty()) {
      row(table, config.experiment(), Statistics.Summary.of(result.accuracies(), config.seed()));
    }
    result.variants().forEach(v -> row(table, v.name(), v.test()));
    return table;
  }

  private static void row(TextTable table, String name, Statistics.Summary s) {
    table.row(
        name,
        String.valueOf(s.n()),
        Numbers.fixed(s.mean(), 4),
        Numbers.fixed(s.sd(), 4),
        Numbers.scientific(s.populationVariance()),
        Statistics.interval(s.ci95(), 4));
  }

  private static BufferedImage strip(Task2Config config, Task2Result result) {
    List<StripPlot.Group> groups = new ArrayList<>();
    groups.add(
        group("the report", Statistics.Summary.of(LabReport.task2Accuracies(), config.seed())));
    if (result.variants().isEmpty()) {
      groups.add(
          group(config.experiment(), Statistics.Summary.of(result.accuracies(), config.seed())));
    }
    result.variants().forEach(v -> groups.add(group(v.name(), v.test())));
    return StripPlot.draw(
        "Test accuracy of each run, mean and 95 % interval", "test accuracy", groups);
  }

  /** Whether variants differ in the number of training images. */
  private static boolean scales(Task2Result result) {
    return result.variants().stream().mapToInt(VariantSummary::trainSize).distinct().count() > 1;
  }

  /** One line for all variants whose names differ in nothing but a number at the end. */
  private static BufferedImage scaling(Task2Result result) {
    Map<String, List<VariantSummary>> lines = new LinkedHashMap<>();
    for (VariantSummary v : result.variants()) {
      String line = v.name().replaceAll("-\\d+$", "");
      lines.computeIfAbsent(line, name -> new ArrayList<>()).add(v);
    }
    List<Plots.ErrorSeries> series = new ArrayList<>();
    lines.forEach(
        (name, variants) ->
            series.add(
                new Plots.ErrorSeries(
                    name,
                    variants.stream().mapToDouble(VariantSummary::trainSize).toArray(),
                    variants.stream().mapToDouble(v -> v.test().mean()).toArray(),
                    variants.stream().mapToDouble(v -> v.test().ci95()[0]).toArray(),
                    variants.stream().mapToDouble(v -> v.test().ci95()[1]).toArray())));
    return Plots.errorBars(
        "Mean test accuracy and 95 % interval", "training images", "test accuracy", series, true);
  }

  private static StripPlot.Group group(String name, Statistics.Summary s) {
    return new StripPlot.Group(name, s.values(), s.mean(), s.ci95()[0], s.ci95()[1]);
  }

  private static String markdown(
      Task2Config config, Task2Result result, Trainings<Task2Repetition.Row> trainings) {
    MarkdownReport report =
        new MarkdownReport()
            .heading(1, "Task 2: learning from " + config.trainSize() + " images")
            .paragraph(
                "Each repetition draws its own training images from the 54,000 that are not held out, trains on them, and is evaluated once on the test images. Engine: %s. The report: five runs, mean 0.91756, population variance 0.00039897."
                    .formatted(result.engine()))
            .table(variants(config, result))
            .image("Test accuracy of each run", "accuracy.png");
    if (scales(result)) {
      report.image("Test accuracy against the number of training images", "scaling.png");
    }
    Claim.addTo(report, "Claims", result.claims());
    report
        .heading(2, "Runs")
        .table(rows(trainings))
        .heading(2, "The median run")
        .image("Confusion matrix", "confusion.png")
        .image("Mistakes", "mistakes.png")
        .heading(2, "Reported apart")
        .paragraph(
            "Ensemble of all networks (not one model, and of more images than one draw): %s. Test-time averaging over five shifts: %s."
                .formatted(
                    Numbers.fixed(result.ensemble(), 4),
                    result.testTimeAveraging() == null
                        ? "not done"
                        : Numbers.fixed(result.testTimeAveraging().mean(), 4)))
        .heading(2, "To repeat it")
        .code("sh", "./cnnlab task2 --config RUN/config.yaml");
    return report.toString();
  }

  private static TextTable rows(Trainings<Task2Repetition.Row> trainings) {
    TextTable table =
        new TextTable()
            .left("variant")
            .right("repetition")
            .left("drawn of each digit")
            .right("validation")
            .right("test")
            .right("seconds");
    for (Task2Repetition.Row r : trainings.rows()) {
      table.row(
          r.variant(),
          String.valueOf(r.repetition()),
          Arrays.toString(r.classCounts()),
          Numbers.fixed(r.validationAccuracy(), 4),
          Numbers.fixed(r.testAccuracy(), 4),
          Numbers.fixed(r.seconds(), 1));
    }
    return table;
  }
}
