package cnnlab.cli.option;

import cnnlab.config.UsageException;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.InputShapes;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelLoader;
import cnnlab.inference.ModelPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model that a command reads, and the shape of its inputs. */
public final class ModelOptions {
  @Parameters(
      paramLabel = "MODEL",
      description =
          "A file with " + ModelLoader.FORMATS + "; or a run directory, for its model.zip.")
  private Path model;

  @Option(
      names = "--input",
      paramLabel = "H,W,C",
      split = ",",
      description =
          "Size of one input, if MODEL accepts several and does not give one: height, width, channels; or the number of features.")
  private List<Integer> input = new ArrayList<>();

  /** The model file: of a run directory its {@code model.zip}. */
  public Path file() {
    return ModelPath.of(model);
  }

  /** Reads the model. */
  public LoadedModel load() {
    return ModelLoader.open(file());
  }

  /**
   * The shape of one input.
   *
   * @throws UsageException when neither the file nor the user gives it, or they differ
   */
  public ArrayLayout input(LoadedModel loaded) {
    if (input.isEmpty()) {
      return InputShapes.find(loaded)
          .orElseThrow(
              () ->
                  new UsageException(
                      "%s: the file does not give the size of its inputs, and none of the usual sizes fits; give it with --input H,W,C"
                          .formatted(loaded.file())));
    }
    ArrayLayout given;
    try {
      given = new ArrayLayout(input);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--input: %s; H,W,C or one number of features expected".formatted(e.getMessage()), e);
    }
    if (loaded.input() != null && !loaded.input().equals(given)) {
      throw new UsageException(
          "--input is %s, but the inputs of %s are %s; leave --input out"
              .formatted(given, loaded.file(), loaded.input()));
    }
    return given;
  }
}
