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
import java.util.List;
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
        "Train the lab's network on MNIST with DL4J and check the one from scratch against it.")
public final class Task1Command implements Callable<Integer> {
  @Option(
      names = "--ui",
      description =
          "Show DL4J's own page of the training in the browser while it trains; an optional part: mvn -Pui -q compile exec:java -Dexec.args=\"task1 --ui\"")
  private boolean ui;

  @Mixin private ExperimentOptions arguments;
  private CommandSpec spec;

  @Spec
  private void help(CommandSpec found) {
    spec = found;
    KeyHelp.addTo(spec, Task1Config.class, Task1Config.DEFAULT);
  }

  /** Runs from an IDE as it is; takes the arguments of {@code cnnlab task1}. */
  public static void main(String[] args) {
    CommandLines.main(new Task1Command(), args);
  }

  /** 0 when every check passed, 1 otherwise. */
  @Override
  public Integer call() throws IOException {
    List<String> line = spec.root().commandLine().getParseResult().originalArgs();
    Output out = Verbosity.output(spec);
    RunOptions options = arguments.options(line);
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
                    "--ui: this build is without DL4J's page; build and start it with mvn -Pui -q compile exec:java -Dexec.args=\"task1 --ui\""));
  }
}
