package cnnlab.cli.option;

import cnnlab.inference.ArrayLayout;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelLoader;
import cnnlab.inference.ModelPath;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The model that a command reads, and the shape of its inputs. */
public final class ModelOptions {
  @Parameters(
      paramLabel = "MODEL",
      description =
          "A file with " + ModelLoader.FORMATS + "; or a run directory, for its model.zip.")
  private Path model;

  @Mixin private InputOption input;

  /** The model file: of a run directory its {@code model.zip}. */
  public Path file() {
    return ModelPath.of(model);
  }

  /** Reads the model. */
  public LoadedModel load() {
    return ModelLoader.open(file(), input::sizes);
  }

  /** The model with its inputs and outputs joined; see {@link InputOption#joined}. */
  public LoadedModel joined(LoadedModel loaded) {
    return input.joined(loaded);
  }

  /** The shape of one input; see {@link InputOption#of}. */
  public ArrayLayout input(LoadedModel loaded) {
    return input.of(loaded);
  }
}
