package cnnlab.cli;

import cnnlab.cli.option.ModelOptions;
import cnnlab.cli.option.OutputPaths;
import cnnlab.cli.option.Verbosity;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.LoadedSummary;
import cnnlab.inference.ModelEnds;
import cnnlab.model.summary.ModelSummary;
import cnnlab.model.summary.SummaryDiagram;
import cnnlab.model.summary.SummaryTable;
import cnnlab.run.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cnnlab summary}. */
@Command(
    name = "summary",
    mixinStandardHelpOptions = true,
    description =
        "Show the layers of a model with the shapes of their outputs (channels last, one input), their parameters, multiplications, memory and connections.")
public final class SummaryCommand implements Callable<Integer> {
  private static final String SVG = ".svg";

  @Mixin private ModelOptions model;

  @Option(
      names = "--picture",
      paramLabel = "FILE.svg",
      description = "Also draw the layers and their connections.")
  private Path picture;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (picture != null && !picture.toString().toLowerCase(Locale.ROOT).endsWith(SVG)) {
      throw new ParameterException(
          spec.commandLine(), "--picture is '%s'; it must end in %s".formatted(picture, SVG));
    }
    Path target = OutputPaths.file("--picture", picture, Map.of("MODEL", model.file()));
    LoadedModel opened = model.load();
    LoadedModel loaded = model.joined(opened);
    ArrayLayout input = model.input(loaded);
    ModelSummary summary = LoadedSummary.of(loaded, input);
    PrintStream words = Verbosity.output(spec).results();
    words.print(SummaryTable.layers(summary));
    words.println();
    words.print(SummaryTable.totals(summary));
    if (loaded.ends() != null) {
      words.printf("Inputs:           %s%n", ModelEnds.text(loaded.ends().inputs()));
      words.printf("Outputs:          %s%n", ModelEnds.text(loaded.ends().outputs()));
    }
    if (opened.input() == null) {
      words.printf(
          "For inputs of shape %s; --input %s chooses another.%n",
          loaded.inputText(input), opened.inputNames().size() > 1 ? "NAME=H,W,C" : "H,W,C");
    }
    if (target != null) {
      SummaryDiagram.write(target, String.valueOf(loaded.file().getFileName()), summary);
      words.printf("Diagram: %s%n", picture);
    }
    return ExitCode.OK;
  }
}
