package cnnlab.cli;

import cnnlab.cli.option.KeyHelp;
import cnnlab.cli.option.RunDirectoryOptions;
import cnnlab.cli.option.Verbosity;
import cnnlab.config.UsageException;
import cnnlab.run.ExitCode;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.sweep.Sweep;
import cnnlab.sweep.SweepConfig;
import cnnlab.sweep.SweepOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cnnlab sweep}. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    description =
        "Train many configurations of a task on the same draws, compare them on validation images, and train the best again on fresh draws.")
public final class SweepCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The sweep, in YAML; experiments/sweep-task2.yaml explains its keys.")
  private Path file;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Trials at once in this process, each on one thread; 0: one per core.")
  private Integer threads;

  @Option(
      names = "--trial",
      paramLabel = "ID",
      description =
          "Run this one trial alone, from its beginning, print its outcome, write nothing.")
  private String trial;

  @Option(names = "--dry-run", description = "Show the points and run nothing.")
  private boolean dryRun;

  @Option(
      names = "--max-failures",
      paramLabel = "N",
      description = "Stop when more trials than this have failed; by default maxFailures.")
  private Integer maxFailures;

  @Option(
      names = "--spark",
      paramLabel = "MASTER",
      description =
          "Run the trials on Apache Spark: spark://HOST:PORT, or local[N]. Needs the build with Spark.")
  private String spark;

  @Option(
      names = "--shared-data",
      description =
          "With --spark: all machines find the data sets in the same folders as this one, so that they are not sent.")
  private boolean sharedData;

  @Mixin private RunDirectoryOptions common;
  private CommandSpec spec;

  @Spec
  private void help(CommandSpec found) {
    spec = found;
    KeyHelp.addTo(spec, SweepConfig.class, SweepConfig.DEFAULT);
  }

  @Override
  public Integer call() throws IOException {
    RunOptions options = options();
    if (dryRun) {
      Sweep.show(options, System.out);
      return ExitCode.OK;
    }
    if (trial != null) {
      return Sweep.runTrial(options, trial, System.out) ? ExitCode.OK : ExitCode.FAILED;
    }
    if (Run.complete(options, System.out)) {
      return ExitCode.OK;
    }
    Sweep.run(options, new SweepOptions(spark, sharedData, maxFailures), Verbosity.output(spec));
    return ExitCode.OK;
  }

  private RunOptions options() {
    if (file == null && common.resume() == null) {
      throw new UsageException(
          "a sweep needs a FILE, such as experiments/sweep-task2.yaml, or --resume DIR");
    }
    if (file != null && common.resume() != null) {
      throw new UsageException("--resume takes the sweep's own configuration: no FILE beside it");
    }
    if (maxFailures != null && maxFailures < 0) {
      throw new UsageException("--max-failures is %d, it must be 0 or more".formatted(maxFailures));
    }
    if (sharedData && spark == null) {
      throw new UsageException("--shared-data goes with --spark MASTER");
    }
    List<String> line = spec.root().commandLine().getParseResult().originalArgs();
    return common.options(
        file, threads, false, List.of(), line, "--set, --seed, --threads or --out");
  }
}
