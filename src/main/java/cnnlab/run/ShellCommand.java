package cnnlab.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Command lines for the user to copy, for the launcher or Maven, as this program was started. */
public final class ShellCommand {
  private static final boolean WINDOWS =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

  private ShellCommand() {}

  /**
   * A line to run in the working directory.
   *
   * @param arguments the command and its arguments
   */
  public static String line(String... arguments) {
    return line(
        RunOptions.home(),
        Path.of("").toAbsolutePath(),
        System.getProperty("maven.home") != null,
        List.of(arguments));
  }

  static String line(Path home, Path here, boolean maven, List<String> arguments) {
    if (maven) {
      return "mvn -q compile exec:java -Dexec.args="
          + quoted(
              "\"", arguments.stream().map(ShellCommand::quoted).collect(Collectors.joining(" ")));
    }
    return Stream.concat(
            Stream.of(launcher(home, here)), arguments.stream().map(ShellCommand::quoted))
        .collect(Collectors.joining(" "));
  }

  private static String launcher(Path home, Path here) {
    Path script = home.resolve(WINDOWS ? "cnnlab.cmd" : "cnnlab");
    if (!Files.isRegularFile(script)) {
      return "cnnlab";
    }
    Path shown = script.startsWith(here) ? Path.of(".").resolve(here.relativize(script)) : script;
    return quoted(shown.toString());
  }

  /** The word, in quotes if a shell would split or interpret it. */
  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./\\\\-]+") ? word : quoted(WINDOWS ? "\"" : "'", word);
  }

  private static String quoted(String quote, String word) {
    return quote + word.replace(quote, "'".equals(quote) ? "'\\''" : "\\\"") + quote;
  }
}
