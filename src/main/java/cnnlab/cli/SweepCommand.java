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
        "Search the configurations of a task: train each on the same draws (random choices of training images), compare them on validation images, and train the best again on fresh draws.")
public final class SweepCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The sweep in YAML; experiments/sweep-task2.yaml explains the keys.")
  private Path file;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Trials that run in parallel in this process, each on one thread; 0: one per core.")
  private Integer threads;

  @Option(
      names = "--trial",
      paramLabel = "ID",
      description = "Run only this trial from its beginning, print its outcome and write nothing.")
  private String trial;

  @Option(names = "--dry-run", description = "Show the points without running anything.")
  private boolean dryRun;

  @Option(
      names = "--max-failures",
      paramLabel = "N",
      description = "Stop when more than N trials have failed; default: the key maxFailures.")
  private Integer maxFailures;

  @Option(
      names = "--spark",
      paramLabel = "MASTER",
      description =
          "Run the trials on Apache Spark: spark://HOST:PORT or local[N]. Needs the build with Spark (docs/scaling.md).")
  private String spark;

  @Option(
      names = "--shared-data",
      description =
          "With --spark: do not send the data sets, since all machines have them in the same folders as this one.")
  private boolean sharedData;

  @Mixin private RunDirectoryOptions common;
  @Mixin private KeyHelp keys = new KeyHelp(SweepConfig.class, SweepConfig.DEFAULT);
  @Spec private CommandSpec spec;

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
      throw new UsageException("--resume takes the sweep's own configuration; it excludes FILE");
    }
    if (maxFailures != null && maxFailures < 0) {
      throw new UsageException("--max-failures is %d; it must be 0 or more".formatted(maxFailures));
    }
    if (sharedData && spark == null) {
      throw new UsageException("--shared-data needs --spark MASTER");
    }
    return common.options(file, threads, false, List.of(), "--set, --seed, --threads and --out");
  }
}
