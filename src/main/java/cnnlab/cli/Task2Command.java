package cnnlab.cli;

import cnnlab.cli.option.CommandLines;
import cnnlab.cli.option.ExperimentOptions;
import cnnlab.cli.option.KeyHelp;
import cnnlab.cli.option.Verbosity;
import cnnlab.experiment.DivergedTraining;
import cnnlab.run.ExitCode;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.task2.Task2;
import cnnlab.task2.Task2Config;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cnnlab task2}: runs {@link Task2}. */
@Command(
    name = Task2.COMMAND,
    mixinStandardHelpOptions = true,
    description =
        "Train on a few MNIST images with augmentation, repeat with other images, and compare variants.")
public final class Task2Command implements Callable<Integer> {
  @Mixin private ExperimentOptions arguments;
  @Mixin private KeyHelp keys = new KeyHelp(Task2Config.class, Task2Config.DEFAULT);
  @Spec private CommandSpec spec;

  /** Runs from an IDE; takes the arguments of {@code cnnlab task2}. */
  public static void main(String[] args) {
    CommandLines.main(new Task2Command(), args);
  }

  /** Returns 0 if every training completed, 1 if one diverged. */
  @Override
  public Integer call() throws IOException {
    RunOptions options = arguments.options();
    if (Run.complete(options, System.out)) {
      return ExitCode.OK;
    }
    return DivergedTraining.exitCode(Task2.run(options, Verbosity.output(spec)).diverged());
  }
}
