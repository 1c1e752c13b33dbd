package cnnlab;

import cnnlab.cli.AugmentCommand;
import cnnlab.cli.BenchCommand;
import cnnlab.cli.CompareCommand;
import cnnlab.cli.CompletionCommand;
import cnnlab.cli.DatasetsCommand;
import cnnlab.cli.ExportCommand;
import cnnlab.cli.ParityCommand;
import cnnlab.cli.PredictCommand;
import cnnlab.cli.ReportCommand;
import cnnlab.cli.ShowCommand;
import cnnlab.cli.SummaryCommand;
import cnnlab.cli.SweepCommand;
import cnnlab.cli.Task1Command;
import cnnlab.cli.Task2Command;
import cnnlab.cli.Task3Command;
import cnnlab.cli.option.CommandLines;
import cnnlab.cli.runs.RunsCommand;
import cnnlab.run.Versions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line. Without arguments it runs Task 1, the main experiment.
 *
 * <p>The exit codes are those of {@link CommandLines}.
 */
@Command(
    name = "cnnlab",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Task1Command.class,
      Task2Command.class,
      Task3Command.class,
      SweepCommand.class,
      ParityCommand.class,
      BenchCommand.class,
      CompareCommand.class,
      PredictCommand.class,
      SummaryCommand.class,
      ShowCommand.class,
      ExportCommand.class,
      ReportCommand.class,
      AugmentCommand.class,
      RunsCommand.class,
      DatasetsCommand.class,
      CompletionCommand.class
    },
    description =
        "Small CNN experiments with a network written from scratch and with Deeplearning4j.")
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs a command; if it fails, ends the virtual machine with its exit code. */
  public static void main(String[] args) {
    CommandLines.end(run(args));
  }

  /** Runs a command; without arguments Task 1. */
  public static int run(String... args) {
    CommandLine line = CommandLines.commandLine(new Main());
    return CommandLines.execute(line, args.length == 0 ? new String[] {"task1"} : args);
  }

  /** Options but no command. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Missing command; one of " + String.join(", ", spec.subcommands().keySet()));
  }

  /** What {@code --version} shows. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "cnnlab " + Versions.project(),
        "Deeplearning4j " + Versions.dl4j(),
        "Java ${java.version} (${java.vendor})"
      };
    }
  }
}
