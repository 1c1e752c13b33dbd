package cnnlab.cli.option;

import cnnlab.data.patch.PatchCamelyon;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The data set that {@code fetch} and {@code prepare} work on. */
public final class PublishedDataset {
  @Parameters(
      paramLabel = "DATASET",
      description = PatchCamelyon.OFFICIAL + ", the only one so far.")
  private String name;

  /** Stops wrong usage by any other name. */
  public void require(CommandSpec spec) {
    if (!name.equals(PatchCamelyon.OFFICIAL)) {
      throw new ParameterException(
          spec.commandLine(),
          "Data set '%s' is not published in a known place; only %s is"
              .formatted(name, PatchCamelyon.OFFICIAL));
    }
  }
}
