package cnnlab.cli;

import cnnlab.cli.option.CommandLines;
import cnnlab.cli.option.ExperimentOptions;
import cnnlab.cli.option.KeyHelp;
import cnnlab.cli.option.Verbosity;
import cnnlab.config.UsageException;
import cnnlab.console.Output;
import cnnlab.engine.TrainingUi;
import cnnlab.run.ExitCode;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.task1.Task1;
import cnnlab.task1.Task1Config;
import cnnlab.task1.Task1Result;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cnnlab task1}: runs {@link Task1}. */
@Command(
    name = Task1.COMMAND,
    mixinStandardHelpOptions = true,
    description =
        "Train the lab's network on MNIST and check the network from scratch against DL4J, layer by layer.")
public final class Task1Command implements Callable<Integer> {
  @Option(
      names = "--ui",
      description =
          "Show DL4J's training page in the browser. Needs the optional build: mvn -Pui -q compile exec:java -Dexec.args=\"task1 --ui\"")
  private boolean ui;

  @Mixin private ExperimentOptions arguments;
  @Mixin private KeyHelp keys = new KeyHelp(Task1Config.class, Task1Config.DEFAULT);
  @Spec private CommandSpec spec;

  /** Runs from an IDE; takes the arguments of {@code cnnlab task1}. */
  public static void main(String[] args) {
    CommandLines.main(new Task1Command(), args);
  }

  /** Returns 0 if every check passed, 1 otherwise. */
  @Override
  public Integer call() throws IOException {
    Output out = Verbosity.output(spec);
    RunOptions options = arguments.options();
    if (Run.complete(options, System.out)) {
      return ExitCode.OK;
    }
    try (TrainingUi page = ui ? page() : null) {
      Task1Result result = Task1.run(options, out, Optional.ofNullable(page));
      return result.passed() ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  private static TrainingUi page() {
    return TrainingUi.find()
        .orElseThrow(
            () ->
                new UsageException(
                    "--ui: this build does not include DL4J's training page; build and start it with mvn -Pui -q compile exec:java -Dexec.args=\"task1 --ui\""));
  }
}
