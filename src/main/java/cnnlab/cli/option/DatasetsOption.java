package cnnlab.cli.option;

import cnnlab.data.Datasets;
import cnnlab.run.RunOptions;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --datasets}. */
public final class DatasetsOption {
  @Option(
      names = "--datasets",
      paramLabel = "DIR",
      description = "Where data sets are looked for first, before $CNNLAB_DATASETS and datasets/.")
  private Path directory;

  /** As it was given, or null. */
  Path directory() {
    return directory;
  }

  public Datasets locate() {
    return RunOptions.locateDatasets(directory);
  }
}
