package cnnlab.cli.runs;

import cnnlab.cli.option.OutputPaths;
import cnnlab.cli.option.ResultsOption;
import cnnlab.cli.option.Verbosity;
import cnnlab.config.UsageException;
import cnnlab.plot.LinePlot;
import cnnlab.run.ExitCode;
import cnnlab.run.history.LearningCurves;
import cnnlab.run.history.RunFinder;
import cnnlab.run.history.RunSummary;
import cnnlab.text.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cnnlab runs plot}. */
@Command(
    name = "plot",
    mixinStandardHelpOptions = true,
    description =
        "Draw the learning curves of runs in one picture: loss and validation accuracy by epoch; of a run with several trainings the mean of each variant.")
final class RunsPlotCommand implements Callable<Integer> {
  private static final String PNG = ".png";

  /** More lines cannot be told apart. */
  private static final int MOST_LINES = 12;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "Runs: their directories, or their paths or names below the results folder.")
  private List<String> names = List.of();

  @Option(
      names = "--variants",
      paramLabel = "NAME",
      split = ",",
      description = "Only these variants; default: all.")
  private List<String> variants = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE.png",
      description = "The picture; default: curves.png in the results folder.")
  private Path out;

  @Mixin private ResultsOption results;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Path file = out == null ? results.get().resolve("curves" + PNG) : out;
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(PNG)) {
      throw new ParameterException(
          spec.commandLine(), "--out is '%s'; it must end in %s".formatted(file, PNG));
    }
    Path target = OutputPaths.file("--out", file, Map.of());
    Map<String, LearningCurves> lines = lines();
    List<LinePlot.Panel> panels = new ArrayList<>();
    add(panels, "Training loss", "loss of the batches", lines, LearningCurves::batchLoss);
    add(panels, "Validation loss", "validation loss", lines, LearningCurves::validationLoss);
    add(
        panels,
        "Validation accuracy",
        "validation accuracy",
        lines,
        LearningCurves::validationAccuracy);
    if (panels.isEmpty()) {
      throw new UsageException(
          "%s: their histories have no finite loss or accuracy"
              .formatted(String.join(", ", names)));
    }
    LinePlot.draw(panels).write(target);
    Verbosity.output(spec)
        .results()
        .printf(
            "%s written: %s of %s%n",
            file, Numbers.counted(lines.size(), "curve"), Numbers.counted(names.size(), "run"));
    return ExitCode.OK;
  }

  /** The curves by their names in the legend. */
  private Map<String, LearningCurves> lines() throws IOException {
    Map<String, LearningCurves> lines = new LinkedHashMap<>();
    for (String name : names) {
      Path run = named(name);
      List<LearningCurves> curves = LearningCurves.read(run);
      if (curves.isEmpty()) {
        throw new UsageException(
            "%s: no learning curves (history.csv, or a file for each training in history/ or models/); runs of task1, task2 and task3 have them once a training is finished"
                .formatted(run));
      }
      String label = label(run);
      for (LearningCurves c : curves) {
        if (!variants.isEmpty() && !c.variant().isEmpty() && !variants.contains(c.variant())) {
          continue;
        }
        boolean single = curves.size() == 1 || c.variant().isEmpty();
        String line =
            (single ? label : label + ": " + c.variant())
                + (c.trainings() > 1 ? " (mean of %s)".formatted(c.trainings()) : "");
        if (lines.putIfAbsent(line, c) != null) {
          lines.put("%s (%s)".formatted(line, run), c);
        }
      }
    }
    if (lines.isEmpty()) {
      throw new UsageException(
          "--variants: no run has a variant of the name %s".formatted(String.join(", ", variants)));
    }
    if (lines.size() > MOST_LINES) {
      throw new UsageException(
          "%s curves cannot be told apart, at most %s can; name fewer runs, or choose some with --variants"
              .formatted(lines.size(), MOST_LINES));
    }
    return lines;
  }

  /** Experiment and folder, with the mark of a trial run. */
  private static String label(Path run) throws IOException {
    RunSummary summary = RunSummary.read(run, Instant.now());
    String folder = String.valueOf(run.toAbsolutePath().normalize().getFileName());
    String label =
        folder.equals(summary.experiment()) ? folder : summary.experiment() + "/" + folder;
    return summary.trial() == null ? label : summary.trial().toUpperCase(Locale.ROOT) + " " + label;
  }

  private Path named(String name) throws IOException {
    try {
      return RunFinder.named(name, results.get());
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  /** Adds a panel of the curves that have values; none if no curve has. */
  private static void add(
      List<LinePlot.Panel> panels,
      String title,
      String axis,
      Map<String, LearningCurves> lines,
      Function<LearningCurves, double[]> score) {
    List<LinePlot.Series> series = new ArrayList<>();
    lines.forEach(
        (name, c) -> {
          if (LearningCurves.known(score.apply(c))) {
            series.add(new LinePlot.Series(name, c.epochs(), score.apply(c)));
          }
        });
    if (!series.isEmpty()) {
      panels.add(
          new LinePlot.Panel(
              title, new LinePlot.Axis("epoch", false), new LinePlot.Axis(axis, false), series));
    }
  }
}
