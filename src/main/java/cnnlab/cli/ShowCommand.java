package cnnlab.cli;

import cnnlab.cli.option.DatasetsOption;
import cnnlab.cli.option.OutputPaths;
import cnnlab.cli.option.Verbosity;
import cnnlab.inference.ImageFile;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelLoader;
import cnnlab.inference.ModelPath;
import cnnlab.inference.PixelScale;
import cnnlab.run.ExitCode;
import cnnlab.show.ModelPictures;
import cnnlab.show.ShownInput;
import cnnlab.text.Numbers;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cnnlab show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description =
        "Draw the kernels of a model and, for one input, the feature maps of every layer by both engines and their difference, as PNG files with a page that shows them all.")
public final class ShowCommand implements Callable<Integer> {
  private static final int MOST_CHANNELS = 1024;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "A file with " + ModelLoader.FORMATS + "; or a run directory, for its model.zip.")
  private Path model;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "IMAGE",
      description =
          "The number of an MNIST test image or a PatchCamelyon validation patch, from 0; or a "
              + ImageFile.FORMATS
              + " file; or a .npy file of float32 values in the model's input shape, used unchanged.")
  private String input;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to write, new or empty: pictures and index.html.")
  private Path out;

  @Option(
      names = "--layers",
      paramLabel = "NAME",
      split = ",",
      description = "Only these layers; default: all.")
  private Set<String> layers = new LinkedHashSet<>();

  @Option(
      names = "--channels",
      paramLabel = "N",
      defaultValue = "16",
      description = "At most the first N channels of each layer; default: ${DEFAULT-VALUE}.")
  private int channels;

  @Option(
      names = "--double",
      description = "Also draw how far each engine is from the same network in double precision.")
  private boolean exact;

  @Option(
      names = "--scale",
      paramLabel = "KIND",
      defaultValue = "symmetric",
      description =
          "How 8-bit images become inputs: symmetric (2x/255-1, this project's), unit (x/255) or bytes (x); default: ${DEFAULT-VALUE}.")
  private PixelScale scale;

  @Option(
      names = "--invert",
      description = "Exchange dark and light first, such as for a dark digit on white paper.")
  private boolean inverted;

  @Option(
      names = "--example",
      paramLabel = "N",
      defaultValue = "0",
      description = "The example of a .npy file, from 0; default: ${DEFAULT-VALUE}.")
  private int example;

  @Mixin private DatasetsOption datasets;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    require("--channels", channels, 1, MOST_CHANNELS);
    require("--example", example, 0, Integer.MAX_VALUE);
    OutputPaths.directory("--out", out);
    LoadedModel loaded = ModelPictures.load(ModelPath.of(model));
    ShownInput shown =
        ShownInput.of(
            input, loaded, datasets.locate(), new ShownInput.Options(scale, inverted, example));
    ModelPictures.Result result =
        ModelPictures.write(loaded, shown, new ModelPictures.Options(layers, channels, exact), out);
    PrintStream words = Verbosity.output(spec).results();
    words.printf("Input: %s%n", shown.what());
    words.printf(
        "Largest difference between DL4J and from scratch: %s%s%n",
        Numbers.scientific(result.largest()),
        result.layer().isEmpty() ? "" : " (%s)".formatted(result.layer()));
    words.printf(
        "%s written; open %s%n",
        Numbers.counted(result.pictures(), "picture"), out.resolve("index.html"));
    return ExitCode.OK;
  }

  private void require(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(),
          "%s is %s; it must be %s"
              .formatted(
                  option,
                  value,
                  most == Integer.MAX_VALUE
                      ? "%s or more".formatted(least)
                      : "at least %s and at most %s".formatted(least, most)));
    }
  }
}
