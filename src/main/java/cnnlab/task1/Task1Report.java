package cnnlab.task1;

import cnnlab.console.FittedStream;
import cnnlab.crosscheck.Check;
import cnnlab.crosscheck.CheckTables;
import cnnlab.crosscheck.CrossCheckRow;
import cnnlab.crosscheck.LayerDifference;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.Mnist;
import cnnlab.data.Seeds;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.EngineKind;
import cnnlab.experiment.DigitsEpoch;
import cnnlab.experiment.RunInputs;
import cnnlab.metric.ClassMetrics;
import cnnlab.metric.ConfusionMatrix;
import cnnlab.model.SingleLayerGraphs;
import cnnlab.plot.ConfusionPlot;
import cnnlab.plot.LinePlot;
import cnnlab.plot.Picture;
import cnnlab.plot.sheet.SampleGrid;
import cnnlab.report.claim.LabReport;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.store.Provenance;
import cnnlab.store.RunDirectory;
import cnnlab.text.Enums;
import cnnlab.text.MarkdownReport;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import cnnlab.training.EpochMetrics;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Writes the files of Task 1 and prints its tables. */
final class Task1Report {
  private static final int SAMPLES = 20;

  private Task1Report() {}

  static Provenance.Inputs provenance(
      Task1Config config, Dl4jRuntime.Status runtime, RunOptions options) {
    return RunInputs.of(
        options,
        config.scratchThreads(),
        Map.of(
            "seed", config.seed(),
            "split", Seeds.derive(config.seed(), "split"),
            "initialisation", Seeds.derive(config.seed(), "initialisation"),
            "shuffle", Seeds.derive(config.seed(), "shuffle"),
            "single-layers", Seeds.derive(config.seed(), "single-layers")),
        Mnist.SHA256,
        engine(config, runtime));
  }

  private static Map<String, Object> engine(Task1Config config, Dl4jRuntime.Status runtime) {
    Map<String, Object> engine = RunInputs.engine(runtime);
    engine.put("training", Enums.label(config.engine()));
    engine.put("init", config.init());
    engine.put("dl4j.onednnAvailable", runtime.oneDnnAvailable());
    engine.put("dl4j.binary", runtime.binary());
    engine.put("scratch.kernels", config.kernels().kernels().name());
    engine.put("scratch.threads", config.scratchThreads());
    if (config.engine() == EngineKind.SCRATCH) {
      engine.put("scratch.trainingKernels", Kernels.best().name());
    }
    return engine;
  }

  static void writeTraining(Run run, List<EpochMetrics> history) throws IOException {
    RunDirectory directory = run.directory();
    directory.writeCsv(
        "history.csv", DigitsEpoch.class, history.stream().map(DigitsEpoch::of).toList());
    if (history.isEmpty()) {
      return; // diverged in its first epoch
    }
    directory.tryWritePng(
        "training.png",
        mark ->
            LinePlot.draw(
                    List.of(
                        curves(
                            "Loss", history, EpochMetrics::trainLoss, EpochMetrics::validationLoss),
                        curves(
                            "Accuracy",
                            history,
                            EpochMetrics::trainAccuracy,
                            EpochMetrics::validationAccuracy)))
                .png(mark));
  }

  private static LinePlot.Panel curves(
      String measure,
      List<EpochMetrics> history,
      ToDoubleFunction<EpochMetrics> train,
      ToDoubleFunction<EpochMetrics> validation) {
    double[] epochs = history.stream().mapToDouble(EpochMetrics::epoch).toArray();
    return new LinePlot.Panel(
        measure + " per epoch",
        new LinePlot.Axis("epoch", false),
        new LinePlot.Axis(measure.toLowerCase(Locale.ROOT), false),
        List.of(
            new LinePlot.Series("training", epochs, history.stream().mapToDouble(train).toArray()),
            new LinePlot.Series(
                "validation", epochs, history.stream().mapToDouble(validation).toArray())));
  }

  static void write(
      Run run,
      Task1Result result,
      Task1Comparison comparison,
      ImageSet test,
      int[] indices,
      float[] probabilities)
      throws IOException {
    RunDirectory directory = run.directory();
    directory.writeCsv("crosscheck.csv", CrossCheckRow.class, comparison.rows());
    directory.tryWritePng("samples.png", mark -> samples(test, indices, probabilities).png(mark));
    directory.tryWritePng(
        "confusion.png", mark -> confusion(test, indices, probabilities).png(mark));
    directory.writeJson("result.json", result);
    directory.writeReport(markdown(run, result, comparison));
    run.finishProvenance();
  }

  static void print(
      PrintStream out, Task1Result result, Task1Comparison comparison, RunDirectory directory) {
    out.println();
    out.printf("Weights: %s%n%n", Numbers.count(result.weights()));
    out.println(scores(result));
    out.println(
        "Every layer of the trained network on %s test images, DL4J (a) and from scratch (b):"
            .formatted(Numbers.count(result.images().test())));
    out.println(CheckTables.layers(comparison.testSet().layers()));
    out.println(CheckTables.alone(comparison.testSet().layers()));
    out.println("The report's own check, one random layer on one image:");
    out.println(randomLayers(comparison.randomLayers()));
    out.println(CheckTables.checks(result.checks()));
    FittedStream.prose(
        out, CheckTables.examined(comparison.testSet().examined(), result.images().test()));
    out.printf(
        "The report's figure for one random convolution: sum |a-b| %s.%n",
        Numbers.scientific(LabReport.CONVOLUTION_DIFFERENCE));
    out.printf("Results are in %s%n", RunOptions.display(directory.directory()));
  }

  private static TextTable scores(Task1Result r) {
    TextTable table =
        new TextTable()
            .left("")
            .right("images")
            .right("DL4J")
            .right("from scratch")
            .right("difference");
    var n = r.images();
    var a = r.library();
    var b = r.scratch();
    score(table, "train loss", n.train(), a.trainLoss(), b.trainLoss());
    score(table, "train accuracy", n.train(), a.trainAccuracy(), b.trainAccuracy());
    score(table, "validation loss", n.validation(), a.validationLoss(), b.validationLoss());
    score(
        table,
        "validation accuracy",
        n.validation(),
        a.validationAccuracy(),
        b.validationAccuracy());
    score(table, "test loss", n.test(), a.testLoss(), b.testLoss());
    score(table, "test accuracy", n.test(), a.testAccuracy(), b.testAccuracy());
    return table;
  }

  private static void score(TextTable table, String name, int images, double a, double b) {
    table.row(
        name,
        Numbers.count(images),
        Numbers.fixed(a, 6),
        Numbers.fixed(b, 6),
        Numbers.scientific(Math.abs(a - b)));
  }

  /** The random layers, with the one figure that the report gives, for the convolution. */
  private static TextTable randomLayers(List<LayerDifference> layers) {
    TextTable table = CheckTables.layerColumns().right("report's");
    for (LayerDifference l : layers) {
      List<String> cells = CheckTables.cells(l);
      cells.add(
          l.layer().equals(SingleLayerGraphs.CONV)
              ? Numbers.scientific(LabReport.CONVOLUTION_DIFFERENCE)
              : "");
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  private static MarkdownReport markdown(Run run, Task1Result result, Task1Comparison comparison) {
    String testImages = Numbers.count(result.images().test());
    return new MarkdownReport()
        .heading(1, "Task 1: the network from scratch against the library")
        .paragraph(
            "**Question:** does the network written from scratch compute the same as the library's?\n"
                + "**Answer:** %s; %s of %s checks passed."
                    .formatted(
                        result.passed() ? "yes" : "no",
                        result.checks().stream().filter(Check::passed).count(),
                        result.checks().size()))
        .paragraph(
            "The report gives one figure, the sum of absolute differences of one random convolution on one image: %s in the report, %s in this run (seed %s, %s weights, %s)."
                .formatted(
                    Numbers.scientific(LabReport.CONVOLUTION_DIFFERENCE),
                    Numbers.scientific(result.convSumAbsDifference()),
                    result.seed(),
                    Numbers.count(result.weights()),
                    Numbers.duration(Duration.ofMillis((long) (result.durationSeconds() * 1e3)))))
        .table(scores(result))
        .heading(2, "Checks")
        .paragraph(CheckTables.examined(comparison.testSet().examined(), result.images().test()))
        .table(CheckTables.checks(result.checks()))
        .heading(2, "Layer by layer: the trained network on %s test images".formatted(testImages))
        .paragraph(
            "a is DL4J, b is from scratch; relative is max \\|a-b\\| / max \\|a\\|; share is the difference divided by the rounding bound, which is propagated from the images through all layers. Sums are over all values of all images.")
        .table(CheckTables.layers(comparison.testSet().layers()))
        .heading(2, "Each layer by itself")
        .paragraph(
            "Each layer is computed in double precision from the inputs that the engine itself computed. The share is the engine's difference from it, divided by the bound on the rounding errors of this layer alone. Nearer so far: the engine whose output is nearer to double precision, including the errors of all layers up to this one.")
        .table(CheckTables.alone(comparison.testSet().layers()))
        .heading(2, "Layer by layer: the trained network on the first test image")
        .table(CheckTables.layers(comparison.oneImage()))
        .heading(2, "The report's own check: one random layer on the first test image")
        .table(randomLayers(comparison.randomLayers()))
        .heading(2, "Training")
        .image("Loss and accuracy by epoch", "training.png")
        .heading(2, "Samples")
        .image("Confusion matrix", "confusion.png")
        .image("Test images with true and predicted labels", "samples.png")
        .heading(2, "How to repeat this run")
        .paragraph(revision(run.provenance().git()) + ", with RUN standing for this directory:")
        .code("sh", run.repeat("task1", Task1Config.QUICK))
        .paragraph("Versions, machine, seeds and dataset checksums are in `provenance.json`.");
  }

  private static String revision(Provenance.Git git) {
    return git.commit() == null
        ? "At the same version of the sources"
        : "At commit `%s`%s"
            .formatted(git.commit(), git.dirty() ? " with uncommitted changes" : "");
  }

  /** The misclassified images, at most half of the grid, then the first images of the set. */
  private static Picture confusion(ImageSet set, int[] indices, float[] p) {
    int[] labels = new ImageSubset(set, indices).labels();
    String[] names =
        IntStream.range(0, set.classes()).mapToObj(String::valueOf).toArray(String[]::new);
    return ConfusionPlot.draw(
        "DL4J on %s test images".formatted(Numbers.count(labels.length)),
        ConfusionMatrix.confusion(p, labels, set.classes()),
        names);
  }

  private static Picture samples(ImageSet set, int[] indices, float[] p) {
    int k = set.classes();
    List<Integer> wrong = new ArrayList<>();
    for (int i = 0; i < indices.length; i++) {
      if (ClassMetrics.argmax(p, i * k, k) != set.labels()[indices[i]]) {
        wrong.add(i);
      }
    }
    List<Integer> shown = new ArrayList<>(wrong.subList(0, Math.min(wrong.size(), SAMPLES / 2)));
    for (int i = 0; shown.size() < Math.min(SAMPLES, indices.length); i++) {
      if (!shown.contains(i)) {
        shown.add(i);
      }
    }
    List<SampleGrid.Sample> samples =
        shown.stream().map(i -> sample(set, indices[i], p, i * k)).toList();
    String title =
        "Test images: %s of %s are misclassified; the first of these are shown first"
            .formatted(Numbers.count(wrong.size()), Numbers.count(indices.length));
    return SampleGrid.draw(title, samples);
  }

  private static SampleGrid.Sample sample(ImageSet set, int index, float[] p, int begin) {
    int predicted = ClassMetrics.argmax(p, begin, set.classes());
    int from = index * set.imageSize();
    return new SampleGrid.Sample(
        Arrays.copyOfRange(set.pixels(), from, from + set.imageSize()),
        set.height(),
        set.width(),
        set.channels(),
        String.valueOf(set.labels()[index]),
        String.valueOf(predicted),
        p[begin + predicted]);
  }
}
