package cnnlab.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that every experiment has on the command line. */
public final class RunArguments {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration in YAML; see experiments/.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set one key of the configuration; may be repeated. Stronger than --config.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The seed from which all random streams are derived.")
  private Long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to compute with; 0 chooses.")
  private Integer threads;

  @Option(
      names = "--quick",
      description = "The same path with small numbers: seconds instead of minutes.")
  private boolean quick;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "A new or empty directory for the results; by default one under results/.")
  private Path out;

  @Option(
      names = "--datasets",
      paramLabel = "DIR",
      description = "Where data sets are looked for first, before $CNNLAB_DATASETS and datasets/.")
  private Path datasets;

  /**
   * @param arguments the whole command line, for the record
   */
  RunOptions options(List<String> arguments) {
    return new RunOptions(config, sets, seed, threads, quick, out, datasets, arguments);
  }
}
