package cnnlab.cli.runs;

import cnnlab.cli.option.ResultsOption;
import cnnlab.config.UsageException;
import cnnlab.console.Terminal;
import cnnlab.run.ExitCode;
import cnnlab.run.history.RunDiff;
import cnnlab.run.history.RunFinder;
import cnnlab.run.history.RunTables;
import cnnlab.store.JsonFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cnnlab runs diff}. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = "Show the configurations and results of two runs side by side.")
final class RunsDiffCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "A run: its directory, or its path or name below the results folder.")
  private String a;

  @Parameters(index = "1", paramLabel = "B", description = "The other run.")
  private String b;

  @Option(
      names = "--all",
      description = "Also show the configuration keys that are the same in both.")
  private boolean all;

  @Option(names = "--json", description = "Write JSON, every value in full.")
  private boolean json;

  @Mixin private ResultsOption results;

  @Override
  public Integer call() throws IOException {
    RunDiff diff = RunDiff.of(named(a), named(b), all, Instant.now());
    if (json) {
      System.out.print(JsonFile.text(diff));
      return ExitCode.OK;
    }
    PrintStream out = Terminal.out();
    out.println(RunTables.origins(diff, ZoneId.systemDefault()));
    // Printed as objects, so that tables fit a terminal.
    Object settings =
        diff.settings().isEmpty() ? "The configurations are the same.\n" : RunTables.settings(diff);
    out.println(settings);
    Object metrics = diff.metrics().isEmpty() ? "No results yet.\n" : RunTables.metrics(diff);
    out.print(metrics);
    return ExitCode.OK;
  }

  private Path named(String name) throws IOException {
    try {
      return RunFinder.named(name, results.get());
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }
}
