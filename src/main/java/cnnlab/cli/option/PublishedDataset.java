package cnnlab.cli.option;

import cnnlab.data.patch.PatchCamelyon;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The data set argument of {@code fetch} and {@code prepare}. */
public final class PublishedDataset {
  @Parameters(
      paramLabel = "DATASET",
      description = "The data set; only " + PatchCamelyon.OFFICIAL + " so far.")
  private String name;

  /** Refuses any other name. */
  public void require(CommandSpec spec) {
    if (!name.equals(PatchCamelyon.OFFICIAL)) {
      throw new ParameterException(
          spec.commandLine(),
          "Unknown data set '%s'; only %s can be downloaded"
              .formatted(name, PatchCamelyon.OFFICIAL));
    }
  }
}
