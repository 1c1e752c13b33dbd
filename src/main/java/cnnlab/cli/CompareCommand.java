package cnnlab.cli;

import cnnlab.cli.option.CommandLines;
import cnnlab.cli.option.DatasetsOption;
import cnnlab.cli.option.OutputPaths;
import cnnlab.cli.option.Verbosity;
import cnnlab.crosscheck.ComparisonInputs;
import cnnlab.crosscheck.ExpectedOutputs;
import cnnlab.crosscheck.ModelComparison;
import cnnlab.crosscheck.ModelComparisonReport;
import cnnlab.crosscheck.Peer;
import cnnlab.crosscheck.Peers;
import cnnlab.inference.InputShapes;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelInputs;
import cnnlab.inference.ModelLoader;
import cnnlab.inference.NamedArray;
import cnnlab.run.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        "Run a Keras, ONNX or DL4J model in DL4J and in the network from scratch and compare the outputs of every layer. Exit code 0 if all differences are within the rounding bounds (or --tolerance), else 1.")
public final class CompareCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "A file with " + ModelLoader.FORMATS + ".")
  private Path model;

  @Option(
      names = "--inputs",
      paramLabel = "X.npy",
      description =
          "Images or vectors, float32 in the model's input shape: [N, H, W, C], [N, H, W] or [N, F]; of ONNX files of PyTorch [N, C, H, W]; "
              + NamedArray.HELP
              + ";"
              + " default: a data set of that shape (MNIST, PatchCamelyon), else random values.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--expected",
      paramLabel = "Y.npy",
      description =
          "Expected outputs of both, float32 [N, K] or [N, H, W, C]; " + NamedArray.HELP + ".")
  private List<String> expected = new ArrayList<>();

  @Option(
      names = "--tolerance",
      paramLabel = "T",
      description =
          "Largest relative difference of a layer and largest absolute difference of an output; default: a rounding bound derived for each value.")
  private Double tolerance;

  @Option(
      names = "--with",
      paramLabel = "LIBRARY",
      description =
          "Also run the model in another library, as an ONNX file, and show all outputs beside those in double precision: "
              + Peers.KNOWN
              + ". Needs the build with the profile peers (docs/onnx.md).")
  private String with;

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
    if (tolerance != null && !(tolerance >= 0)) {
      throw new ParameterException(
          spec.commandLine(), "--tolerance is %s; it must be 0 or more".formatted(tolerance));
    }
    Path jsonTarget = OutputPaths.file("--json", json, read());
    OutputPaths.directory("--out", out);
    Peer peer = with == null ? null : Peers.find(with);
    LoadedModel opened = ModelComparisonReport.load(model);
    List<NamedArray> given =
        inputs.isEmpty()
            ? null
            : NamedArray.read("--inputs", inputs, opened.inputNames(), "the inputs of " + model);
    LoadedModel loaded =
        given == null
            ? InputShapes.joined(opened, "--inputs")
            : opened.joined(ModelInputs.layouts(given, opened));
    ModelInputs images =
        given == null
            ? ComparisonInputs.of(loaded, datasets.locate())
            : ModelInputs.of(given, loaded);
    ExpectedOutputs outputs =
        expected.isEmpty()
            ? null
            : new ExpectedOutputs(
                NamedArray.read(
                    "--expected", expected, loaded.outputNames(), "the outputs of " + model));
    ModelComparison result =
        ModelComparisonReport.compare(loaded, images, outputs, tolerance, peer);
    PrintStream words = Verbosity.output(spec).results();
    words.printf("Inputs: %s, shape %s each%n", images.what(), loaded.inputText(images.layout()));
    ModelComparisonReport.print(words, result);
    if (json != null) {
      ModelComparisonReport.writeJson(jsonTarget, result);
    }
    if (out != null) {
      ModelComparisonReport.write(
          out,
          "%s on %s".formatted(model.getFileName(), images.what()),
          CommandLines.arguments(spec),
          result);
    }
    return result.passed() ? ExitCode.OK : ExitCode.FAILED;
  }

  /** The files that the command reads and must not overwrite. */
  private Map<String, Path> read() {
    Map<String, Path> read = new LinkedHashMap<>();
    read.put("MODEL", model);
    NamedArray.files(inputs).forEach(file -> read.put("--inputs " + file + ",", file));
    NamedArray.files(expected).forEach(file -> read.put("--expected " + file + ",", file));
    ModelComparisonReport.readBeside(model)
        .forEach(file -> read.put("MODEL, prepared by " + file.getFileName() + ",", file));
    return read;
  }
}
