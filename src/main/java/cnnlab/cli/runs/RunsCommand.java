package cnnlab.cli.runs;

import cnnlab.cli.option.ResultsOption;
import cnnlab.cli.option.Verbosity;
import cnnlab.console.Output;
import cnnlab.run.ExitCode;
import cnnlab.run.ShellCommand;
import cnnlab.run.history.RunSummary;
import cnnlab.run.history.RunTables;
import cnnlab.store.Csv;
import cnnlab.store.JsonFile;
import cnnlab.store.RunStatus.State;
import java.io.IOException;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cnnlab runs}. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "[COMMAND]",
    subcommands = {RunsDiffCommand.class, RunsPlotCommand.class, RunsPruneCommand.class},
    description = {
      "List runs, newest first; compare two; plot learning curves; remove runs that are no longer needed.",
      "A + after a commit marks uncommitted changes. A run that was killed is shown as died."
    })
public final class RunsCommand implements Callable<Integer> {
  @Mixin private ResultsOption results;
  @Spec private CommandSpec spec;

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Only runs of experiments whose name begins with NAME, such as task2.")
  private String experiment = "";

  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      description = "Only runs in these states: running, finished, failed, interrupted, died.")
  private List<State> states = List.of();

  @Option(names = "--limit", paramLabel = "N", description = "Only the N newest runs.")
  private Integer limit;

  @ArgGroup private Format format;

  /** Output for programs. */
  private static final class Format {
    @Option(names = "--json", description = "Write JSON, every value in full.")
    private boolean json;

    @Option(names = "--csv", description = "Write CSV, every value in full.")
    private boolean csv;
  }

  @Override
  public Integer call() throws IOException {
    Output words = Verbosity.output(spec);
    Stream<RunSummary> chosen =
        results.find().stream()
            .filter(run -> run.experiment().startsWith(experiment))
            .filter(run -> states.isEmpty() || states.contains(run.state()));
    List<RunSummary> runs = (limit == null ? chosen : chosen.limit(limit)).toList();
    if (format != null && format.json) {
      words.results().print(JsonFile.text(runs));
    } else if (format != null && format.csv) {
      words.results().print(Csv.toCsv(RunSummary.class, runs));
    } else if (runs.isEmpty()) {
      words.results().printf("No runs in %s%n", results.get());
    } else {
      words.results().print(RunTables.list(runs, ZoneId.systemDefault()));
      runs.stream()
          .filter(RunsCommand::isResumable)
          .forEach(run -> tellHowToResume(run, words.progress()));
    }
    return ExitCode.OK;
  }

  private static boolean isResumable(RunSummary run) {
    return run.command() != null && (run.state() == State.DIED || run.state() == State.INTERRUPTED);
  }

  private static void tellHowToResume(RunSummary run, PrintStream out) {
    out.printf(
        "%s (%s): resume with %s%n",
        run.run(), run.state(), ShellCommand.line(run.command(), "--resume", run.run().toString()));
  }
}
