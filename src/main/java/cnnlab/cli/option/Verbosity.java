package cnnlab.cli.option;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import cnnlab.console.Output;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;

/** How much a command prints; every command has these options. */
public final class Verbosity {
  private static final String NAME = "verbosity";
  private static final String OURS = "cnnlab";

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Print only results and errors: no progress, no warnings.")
  private boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Also print details for troubleshooting, with stack traces of errors.")
  private boolean verbose;

  /** Adds the options to a command and all below it. */
  static void addTo(CommandLine line) {
    Verbosity verbosity = new Verbosity();
    line.addMixin(NAME, verbosity);
    line.setExecutionStrategy(parsed -> verbosity.execute(parsed));
  }

  private int execute(ParseResult parsed) {
    if (quiet && verbose) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(), "--quiet and --verbose exclude each other");
    }
    if (quiet) {
      level(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.ERROR);
      level(OURS, Level.ERROR);
    } else if (verbose) {
      level(OURS, Level.DEBUG);
    }
    try {
      return new RunLast().execute(parsed);
    } catch (OutOfMemoryError e) {
      // picocli passes only exceptions to the handler that reports them.
      throw new ExecutionException(parsed.commandSpec().commandLine(), "out of memory", e);
    }
  }

  private static void level(String logger, Level level) {
    // With another logging library under SLF4J there is nothing to set.
    if (LoggerFactory.getLogger(logger) instanceof Logger ours) {
      ours.setLevel(level);
    }
  }

  /** The output streams of this command. */
  public static Output output(CommandSpec command) {
    CommandSpec mixin = command.root().mixins().get(NAME);
    return Output.standard(mixin != null && ((Verbosity) mixin.userObject()).quiet);
  }
}
