package cnnlab.cli.option;

import cnnlab.config.UsageException;
import cnnlab.run.RunOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options of every command that makes a run directory: tasks and sweeps. */
public final class RunDirectoryOptions {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set one key of the configuration; may be repeated. Stronger than the file.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The seed from which all random streams are derived; the same as --set seed=N.")
  private Long seed;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description =
          "Resume a run that did not finish, with its own configuration; what is finished is kept.")
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

  /** The directory of the run to go on with, or null. */
  public Path resume() {
    return resume;
  }

  /**
   * All options together.
   *
   * @param config the file of the configuration, or null
   * @param threads null where it was not given
   * @param quick whether {@code --quick} was given
   * @param others {@code key=value} from the command's own options
   * @param arguments the whole command line, for the record
   * @param refused what cannot stand beside {@code --resume}, for its message
   * @throws UsageException when anything of the configuration is given beside {@code --resume}
   */
  public RunOptions options(
      Path config,
      Integer threads,
      boolean quick,
      List<String> others,
      List<String> arguments,
      String refused) {
    List<String> all = Stream.concat(sets.stream(), others.stream()).toList();
    if (resume != null
        && (config != null
            || out != null
            || seed != null
            || threads != null
            || quick
            || !all.isEmpty())) {
      throw new UsageException(
          "--resume takes the run's own configuration: no %s beside it".formatted(refused));
    }
    return new RunOptions(config, all, seed, threads, quick, resume, out, datasets, arguments);
  }
}
