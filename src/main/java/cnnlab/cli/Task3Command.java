package cnnlab.cli;

import cnnlab.cli.option.CommandLines;
import cnnlab.cli.option.ExperimentOptions;
import cnnlab.cli.option.KeyHelp;
import cnnlab.cli.option.Verbosity;
import cnnlab.experiment.DivergedTraining;
import cnnlab.run.ExitCode;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.task3.Task3;
import cnnlab.task3.Task3Config;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cnnlab task3}: runs {@link Task3}. */
@Command(
    name = Task3.COMMAND,
    mixinStandardHelpOptions = true,
    description = "Train to detect tumour in patches of lymph nodes, repeat, and compare variants.")
public final class Task3Command implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "NAME",
      description =
          "patchcamelyon, or synthetic to try the pipeline without a download; the same as --set data=NAME.")
  private String data;

  @Mixin private ExperimentOptions arguments;
  @Mixin private KeyHelp keys = new KeyHelp(Task3Config.class, Task3Config.DEFAULT);
  @Spec private CommandSpec spec;

  /** Runs from an IDE; takes the arguments of {@code cnnlab task3}. */
  public static void main(String[] args) {
    CommandLines.main(new Task3Command(), args);
  }

  /** Returns 0 if every training completed, 1 if one diverged. */
  @Override
  public Integer call() throws IOException {
    List<String> sets = data == null ? List.of() : List.of("data=" + data);
    RunOptions options = arguments.options(sets);
    if (Run.complete(options, System.out)) {
      return ExitCode.OK;
    }
    return DivergedTraining.exitCode(Task3.run(options, Verbosity.output(spec)).diverged());
  }
}
