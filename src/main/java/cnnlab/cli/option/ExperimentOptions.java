package cnnlab.cli.option;

import cnnlab.run.RunOptions;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that every experiment has on the command line. */
public final class ExperimentOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration in YAML; see experiments/.")
  private Path config;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to compute with; 0 chooses.")
  private Integer threads;

  @Option(
      names = "--quick",
      description =
          "The same path with small numbers, seconds instead of minutes: a trial, marked as such and without verdicts.")
  private boolean quick;

  @Mixin private RunDirectoryOptions common;

  /**
   * @param arguments the whole command line, for the record
   */
  public RunOptions options(List<String> arguments) {
    return options(arguments, List.of());
  }

  /**
   * @param arguments the whole command line, for the record
   * @param others {@code key=value} from the experiment's own options
   */
  public RunOptions options(List<String> arguments, List<String> others) {
    return common.options(
        config,
        threads,
        quick,
        others,
        arguments,
        "--config, --set, --seed, --threads, --quick, --out or option of the experiment");
  }
}
