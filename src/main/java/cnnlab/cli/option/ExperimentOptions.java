package cnnlab.cli.option;

import cnnlab.run.RunOptions;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every experiment. */
public final class ExperimentOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration in YAML; see experiments/ for examples.")
  private Path config;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads to compute with; 0: chosen by the experiment (see the key threads below).")
  private Integer threads;

  @Option(
      names = "--quick",
      description =
          "Quick trial: the same steps on little data, seconds instead of minutes. Its output is marked QUICK and has no verdicts.")
  private boolean quick;

  @Mixin private RunDirectoryOptions common;

  /** All options together. */
  public RunOptions options() {
    return options(List.of());
  }

  /**
   * All options together.
   *
   * @param others {@code key=value} from the experiment's own options
   */
  public RunOptions options(List<String> others) {
    return common.options(
        config,
        threads,
        quick,
        others,
        "--config, --set, --seed, --threads, --quick, --out and options of the experiment");
  }
}
