package cnnlab.cli.option;

import cnnlab.config.NearestKey;
import cnnlab.console.Terminal;
import cnnlab.run.ExitCode;
import cnnlab.run.InterruptedRunException;
import cnnlab.text.OneLocale;
import cnnlab.text.Reason;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Exit codes and error handling of all commands: 0 for success, 1 for a failed run or comparison, 2
 * for wrong usage (options, configuration or unsuitable files), 130 for a run that the user
 * stopped. An error that the user can fix is one message without a stack trace; a fault of the
 * program is a failed run with a stack trace.
 */
public final class CommandLines {
  private static final Logger LOG = LoggerFactory.getLogger(CommandLines.class);

  private static final Map<String, String> EXIT_CODES = exitCodes();

  /** The character set of arguments and file names; UTF-8, or ASCII where no locale is set. */
  private static final String PATH_ENCODING = "sun.jnu.encoding";

  /** In picocli's words about a wrong value of an enum. */
  private static final Pattern ENUM_NAMES =
      Pattern.compile("expected one of \\[([A-Z0-9_, ]+)] \\(case-insensitive\\)");

  private CommandLines() {}

  /**
   * The body of a {@code main}: runs a command and, if it fails, ends the virtual machine with its
   * exit code. After success the virtual machine keeps running, since it may be Maven's ({@code
   * exec:java}).
   */
  public static void main(Object command, String... args) {
    end(execute(command, args));
  }

  /** Ends the virtual machine unless the exit code is that of success. */
  public static void end(int code) {
    if (code != ExitCode.OK) {
      System.exit(code);
    }
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put(String.valueOf(ExitCode.OK), "done; every check passed");
    codes.put(
        String.valueOf(ExitCode.FAILED),
        "a run, a check, a comparison or a download failed, or a training diverged");
    codes.put(
        String.valueOf(ExitCode.USAGE), "wrong usage: options, configuration or unsuitable files");
    codes.put(String.valueOf(ExitCode.INTERRUPTED), "stopped by Ctrl-C; finished work is kept");
    codes.put("143", "stopped by a termination signal; finished work is kept");
    return codes;
  }

  /** The whole command line as it was given, for the record. */
  public static List<String> arguments(CommandSpec command) {
    return command.root().commandLine().getParseResult().originalArgs();
  }

  /** Runs a command; returns its exit code. */
  public static int execute(Object command, String... args) {
    return execute(commandLine(command), args);
  }

  /**
   * Runs a command; returns its exit code, or that of a failure if its output could not be written.
   */
  public static int execute(CommandLine line, String... args) {
    String unreadable = unreadable(args);
    if (unreadable != null) {
      line.getErr()
          .println(
              line.getColorScheme()
                  .errorText(
                      "The argument '%s' has characters that this environment cannot represent (its character set is %s). Set a UTF-8 locale, such as LC_ALL=C.UTF-8, and run the command again."
                          .formatted(unreadable, System.getProperty(PATH_ENCODING))));
      line.getErr().flush();
      return ExitCode.USAGE;
    }
    int code = line.execute(args);
    // Print streams do not throw their errors.
    line.getOut().flush();
    if ((System.out.checkError() | line.getOut().checkError()) && code == ExitCode.OK) {
      line.getErr()
          .println(
              line.getColorScheme()
                  .errorText("Standard output could not be written; is the disk full?"));
      line.getErr().flush();
      return ExitCode.FAILED;
    }
    return code;
  }

  /**
   * The first argument with bytes that the environment's character set cannot represent, which Java
   * has replaced by the replacement character; null if there is none.
   */
  private static String unreadable(String... args) {
    CharsetEncoder encoder = Charset.forName(System.getProperty(PATH_ENCODING)).newEncoder();
    for (String arg : args) {
      if (!encoder.canEncode(arg)) {
        return arg.replace('\uFFFD', '?');
      }
    }
    return null;
  }

  /** A picocli command line with our exit codes. */
  public static CommandLine commandLine(Object command) {
    OneLocale.use();
    CommandLine line = new CommandLine(command);
    line.setUsageHelpWidth(KeyHelp.width());
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(Terminal.isDecorated() ? Ansi.AUTO : Ansi.OFF));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    Verbosity.addTo(line);
    addExitCodes(line);
    line.setExecutionExceptionHandler((e, failed, parsed) -> handle(e, failed));
    IParameterExceptionHandler usual = line.getParameterExceptionHandler();
    line.setParameterExceptionHandler(
        (wrong, args) -> {
          Optional<String> set = asKey(wrong, List.of(args));
          if (set.isEmpty()) {
            return usual.handleParseException(withLowerCaseNames(wrong), args);
          }
          CommandLine failed = wrong.getCommandLine();
          failed.getErr().println(failed.getColorScheme().errorText(wrong.getMessage()));
          failed.getErr().println(set.get());
          return ExitCode.USAGE;
        });
    return line;
  }

  /** A wrong value of an enum: the error shows its names as help and configurations write them. */
  private static ParameterException withLowerCaseNames(ParameterException wrong) {
    String message = String.valueOf(wrong.getMessage());
    String lower =
        ENUM_NAMES
            .matcher(message)
            .replaceFirst(
                names -> "expected one of " + names.group(1).toLowerCase(Locale.ROOT) + ",");
    return lower.equals(message)
        ? wrong
        : new ParameterException(
            wrong.getCommandLine(), lower, wrong, wrong.getArgSpec(), wrong.getValue());
  }

  /** The advice for an unknown option that is a key of the command's configuration. */
  private static Optional<String> asKey(ParameterException wrong, List<String> line) {
    if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
      return Optional.empty();
    }
    CommandSpec command = wrong.getCommandLine().getCommandSpec();
    List<String> words = unmatched.getUnmatched();
    String option = words.isEmpty() ? "" : words.get(0);
    if (!option.startsWith("--")) {
      return Optional.empty();
    }
    int equals = option.indexOf('=');
    String name = option.substring(2, equals < 0 ? option.length() : equals);
    int next = line.indexOf(option) + 1;
    String value =
        equals >= 0
            ? option.substring(equals + 1)
            : next > 0 && next < line.size() && !line.get(next).startsWith("--")
                ? line.get(next)
                : "VALUE";
    // An existing option of a similar name is the better guess.
    if (NearestKey.of(name, optionNames(command)).isPresent()) {
      return Optional.empty();
    }
    return NearestKey.of(name, KeyHelp.of(command))
        .map(
            key ->
                "%s is a key of the configuration: --set %s=%s; %s --help lists all"
                    .formatted(key, key, value, command.qualifiedName()));
  }

  private static List<String> optionNames(CommandSpec command) {
    return command.options().stream()
        .map(option -> option.longestName().replaceFirst("^-+", ""))
        .toList();
  }

  /** Adds exit codes to the help of the command and of all its subcommands. */
  private static void addExitCodes(CommandLine line) {
    line.getCommandSpec()
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(EXIT_CODES);
    line.getSubcommands().values().forEach(CommandLines::addExitCodes);
  }

  private static int handle(Exception e, CommandLine failed) {
    if (e instanceof InterruptedRunException) {
      LOG.debug("cause", e);
      return ExitCode.INTERRUPTED;
    }
    Optional<String> reason = Reason.known(e);
    if (reason.isEmpty()) {
      LOG.error("{} failed", failed.getCommandName(), e);
      return ExitCode.FAILED;
    }
    boolean ofMemory = reason.get().equals(Reason.MEMORY);
    failed
        .getErr()
        .println(
            failed
                .getColorScheme()
                .errorText(ofMemory ? name(failed) + ": " + reason.get() : reason.get()));
    LOG.debug("cause", e);
    return Reason.isUsersFault(e) ? ExitCode.USAGE : ExitCode.FAILED;
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }
}
