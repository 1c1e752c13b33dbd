package cnnlab.cli;

import cnnlab.cli.option.CommandLines;
import cnnlab.cli.option.ExperimentOptions;
import cnnlab.cli.option.KeyHelp;
import cnnlab.cli.option.Verbosity;
import cnnlab.parity.Parity;
import cnnlab.parity.ParityConfig;
import cnnlab.run.ExitCode;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cnnlab parity}: runs {@link Parity}. */
@Command(
    name = Parity.COMMAND,
    mixinStandardHelpOptions = true,
    description =
        "Train with both engines side by side and compare losses and parameters after every step.")
public final class ParityCommand implements Callable<Integer> {
  @Mixin private ExperimentOptions arguments;
  @Mixin private KeyHelp keys = new KeyHelp(ParityConfig.class, ParityConfig.DEFAULT);
  @Spec private CommandSpec spec;

  /** Runs from an IDE; takes the arguments of {@code cnnlab parity}. */
  public static void main(String[] args) {
    CommandLines.main(new ParityCommand(), args);
  }

  @Override
  public Integer call() throws IOException {
    RunOptions options = arguments.options();
    return Run.complete(options, System.out)
            || Parity.run(options, Verbosity.output(spec).results()).passed()
        ? ExitCode.OK
        : ExitCode.FAILED;
  }
}
