package cnnlab.cli;

import cnnlab.cli.option.DatasetsOption;
import cnnlab.cli.option.PublishedDataset;
import cnnlab.cli.option.Verbosity;
import cnnlab.data.Datasets;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.PatchPreparation;
import cnnlab.run.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cnnlab datasets prepare}. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    description =
        "Convert a data set's published files into small files that a run reads in seconds.")
final class PrepareCommand implements Callable<Integer> {
  @Mixin private PublishedDataset dataset;
  @Mixin private DatasetsOption datasets;

  @Option(
      names = "--crop",
      paramLabel = "PIXELS",
      defaultValue = "" + PatchCamelyon.CENTRE,
      description =
          "Side of the central square that is kept of every patch; default: ${DEFAULT-VALUE}.")
  private int crop;

  @Option(
      names = "--n",
      paramLabel = "N",
      defaultValue = "100000",
      description =
          "Training patches to choose at random, with the class proportions kept; 0: all;"
              + " default: ${DEFAULT-VALUE}. All validation and test patches are kept.")
  private int n;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the random choice; default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder to write; default: patchcam/ in the folder that is searched first.")
  private Path out;

  @Option(names = "--force", description = "Replace existing files.")
  private boolean force;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    dataset.require(spec);
    if (crop < 1 || n < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--crop is %d and --n is %d; they must be at least 1 and at least 0".formatted(crop, n));
    }
    Datasets places = datasets.locate();
    Path source = places.folder(PatchCamelyon.OFFICIAL);
    Path target =
        out == null ? places.destination(PatchCamelyon.NAME) : out.toAbsolutePath().normalize();
    PrintStream out = Verbosity.output(spec).progress();
    out.printf("From %s%nto   %s%n", source, target);
    PatchPreparation.prepare(
        source, target, new PatchCamelyon.Options(n, seed, crop), force, out::println);
    return ExitCode.OK;
  }
}
