package cnnlab.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
      names = "--resume",
      paramLabel = "DIR",
      description =
          "Go on with a run that did not finish, with its own configuration, from its last checkpoint.")
  private Path resume;

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
    return options(arguments, List.of());
  }

  /**
   * @param arguments the whole command line, for the record
   * @param others {@code key=value} from the experiment's own options
   */
  RunOptions options(List<String> arguments, List<String> others) {
    List<String> allSets = Stream.concat(sets.stream(), others.stream()).toList();
    if (resume != null
        && (config != null
            || out != null
            || seed != null
            || threads != null
            || quick
            || !allSets.isEmpty())) {
      throw new UsageException(
          "--resume goes on with the run's own configuration: no --config, --set, --seed, --threads, --quick, --out or option of the experiment beside it");
    }
    return new RunOptions(config, allSets, seed, threads, quick, resume, out, datasets, arguments);
  }
}
