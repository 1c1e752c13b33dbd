package cnnlab;

import cnnlab.experiment.Bench;
import cnnlab.experiment.Commands;
import cnnlab.experiment.Predict;
import cnnlab.experiment.Task1CrossCheck;
import cnnlab.experiment.Task2SmallData;
import cnnlab.experiment.Task3LymphNodes;
import cnnlab.experiment.TrainingParity;
import cnnlab.experiment.Versions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line. Without arguments it runs Task 1, the main job.
 *
 * <p>The exit codes are those of {@link Commands}.
 */
@Command(
    name = "cnnlab",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Task1CrossCheck.class,
      Task2SmallData.class,
      Task3LymphNodes.class,
      SweepCommand.class,
      TrainingParity.class,
      Bench.class,
      CompareCommand.class,
      Predict.class,
      ReportCommand.class,
      AugmentCommand.class,
      RunsCommand.class,
      DatasetsCommand.class,
      CompletionCommand.class
    },
    description = "Small CNN experiments: a network from scratch beside Deeplearning4j.")
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs a command; when it fails, ends the virtual machine with its exit code. */
  public static void main(String[] args) {
    Commands.end(run(args));
  }

  /** Runs a command; without arguments Task 1. */
  static int run(String... args) {
    CommandLine line = Commands.commandLine(new Main());
    return Commands.execute(line, args.length == 0 ? new String[] {"task1"} : args);
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
