package cnnlab;

import cnnlab.data.Datasets;
import cnnlab.experiment.RunOptions;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --datasets}. */
final class DatasetsOption {
  @Option(
      names = "--datasets",
      paramLabel = "DIR",
      description = "Where data sets are looked for first, before $CNNLAB_DATASETS and datasets/.")
  private Path directory;

  /** As it was given, or null. */
  Path directory() {
    return directory;
  }

  Datasets locate() {
    return RunOptions.locateDatasets(directory);
  }
}
