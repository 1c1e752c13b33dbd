package cnnlab;

import cnnlab.crosscheck.ModelComparison;
import cnnlab.data.Mnist;
import cnnlab.data.NpyFile;
import cnnlab.experiment.Commands;
import cnnlab.experiment.ModelComparisonReport;
import cnnlab.experiment.Models;
import cnnlab.experiment.Verbosity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cnnlab compare}. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description =
        "Compare a model of Keras or DL4J in DL4J and in the network from scratch, layer by layer. Exit code 0 when all is within the tolerance, 1 when not.")
final class CompareCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "The file of " + Models.FORMATS + ".")
  private Path model;

  @Option(
      names = "--inputs",
      paramLabel = "X.npy",
      description = "Images, float32 [N, H, W, C]; by default the MNIST test images.")
  private Path inputs;

  @Option(
      names = "--expected",
      paramLabel = "Y.npy",
      description = "The outputs both should have, float32 [N, K].")
  private Path expected;

  @Option(
      names = "--tolerance",
      paramLabel = "T",
      defaultValue = "1e-5",
      description =
          "Largest relative difference of a layer and largest difference of an output; default ${DEFAULT-VALUE}.")
  private double tolerance;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the result as JSON.")
  private Path json;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write a report with all tables into a new directory.")
  private Path out;

  @Mixin private DatasetsOption datasets;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!(tolerance >= 0)) {
      throw new ParameterException(
          spec.commandLine(), "--tolerance is %s, it must be 0 or more".formatted(tolerance));
    }
    ModelComparisonReport.Images images =
        inputs == null
            ? ModelComparisonReport.Images.of(Mnist.load(datasets.locate()).test())
            : ModelComparisonReport.Images.of(inputs, NpyFile.read(inputs));
    ModelComparisonReport.Outputs outputs =
        expected == null
            ? null
            : ModelComparisonReport.Outputs.of(expected, NpyFile.read(expected));
    ModelComparison result = ModelComparisonReport.compare(model, images, outputs, tolerance);
    ModelComparisonReport.print(Verbosity.output(spec).results(), result);
    if (json != null) {
      ModelComparisonReport.writeJson(json, result);
    }
    if (out != null) {
      ModelComparisonReport.write(
          out,
          String.valueOf(model.getFileName()),
          spec.root().commandLine().getParseResult().originalArgs(),
          result);
    }
    return result.passed() ? Commands.OK : Commands.FAILED;
  }
}
