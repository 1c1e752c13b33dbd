package cnnlab.cli.option;

import cnnlab.config.UsageException;
import cnnlab.run.RunOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of every command that creates a run directory: tasks and sweeps. */
public final class RunDirectoryOptions {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set one key of the configuration; may be repeated. Overrides the file.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed from which all random streams are derived; the same as --set seed=N.")
  private Long seed;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "Resume an unfinished run with its own configuration; finished work is kept.")
  private Path resume;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "A new or empty directory for the results; by default one under results/.")
  private Path out;

  @Option(
      names = "--datasets",
      paramLabel = "DIR",
      description = "Folder to search for data sets before $CNNLAB_DATASETS and datasets/.")
  private Path datasets;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** The directory of the run to resume, or null. */
  public Path resume() {
    return resume;
  }

  /**
   * All options together.
   *
   * @param config the file of the configuration, or null
   * @param threads null if not given
   * @param quick whether {@code --quick} was given
   * @param others {@code key=value} from the command's own options
   * @param refused the options that exclude {@code --resume}, for its message
   * @throws UsageException if any part of the configuration is given together with {@code --resume}
   */
  public RunOptions options(
      Path config, Integer threads, boolean quick, List<String> others, String refused) {
    List<String> all = Stream.concat(sets.stream(), others.stream()).toList();
    if (resume != null
        && (config != null
            || out != null
            || seed != null
            || threads != null
            || quick
            || !all.isEmpty())) {
      throw new UsageException(
          "--resume takes the run's own configuration; it excludes %s".formatted(refused));
    }
    return new RunOptions(
        config, all, seed, threads, quick, resume, out, datasets, CommandLines.arguments(command));
  }
}
