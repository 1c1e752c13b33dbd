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
      description = "Folder to search for data sets before $CNNLAB_DATASETS and datasets/.")
  private Path directory;

  /** The value as given, or null. */
  Path directory() {
    return directory;
  }

  /** The places to search for data sets. */
  public Datasets locate() {
    return RunOptions.locateDatasets(directory);
  }
}
