package cnnlab.cli;

import cnnlab.cli.option.ModelOptions;
import cnnlab.cli.option.OutputPaths;
import cnnlab.cli.option.Verbosity;
import cnnlab.console.Output;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelExport;
import cnnlab.inference.ModelPreprocessing;
import cnnlab.run.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cnnlab export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Write a model for Keras 3 (.keras, .h5), with layers, weights, running averages and regularizers, or for inference as .onnx. What the format cannot express is refused by name.")
public final class ExportCommand implements Callable<Integer> {
  @Mixin private ModelOptions model;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FILE",
      description = "The file to write: " + ModelExport.NAMES + ".")
  private Path to;

  @Option(
      names = "--with-preprocessing",
      description =
          "Make what the run did with its 8-bit images part of the model: random transforms as Random... layers, the normalisation as Rescaling.")
  private boolean prepared;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!ModelExport.writes(to)) {
      throw new ParameterException(
          spec.commandLine(), "--to is '%s'; it must end in %s".formatted(to, ModelExport.NAMES));
    }
    Path target = OutputPaths.file("--to", to, read());
    LoadedModel loaded = model.joined(model.load());
    ArrayLayout input = model.input(loaded);
    List<String> notes = ModelExport.write(loaded, input, target, prepared);
    Output words = Verbosity.output(spec);
    notes.forEach(note -> words.results().println("Note: " + note));
    words
        .results()
        .printf("%s written: %s; inputs %s%n", to, loaded.file().getFileName(), input.ofMany());
    return ExitCode.OK;
  }

  private Map<String, Path> read() {
    Map<String, Path> read = new LinkedHashMap<>();
    read.put("MODEL", model.file());
    ModelPreprocessing.filesBeside(model.file())
        .forEach(file -> read.put("the record of MODEL", file));
    return read;
  }
}
