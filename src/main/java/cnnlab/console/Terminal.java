package cnnlab.console;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;

/** Capabilities of standard output. */
public final class Terminal {
  private static final TerminalWidth WIDTH = new TerminalWidth();

  private Terminal() {}

  /**
   * Width of the terminal in columns: that of {@code COLUMNS}, else that of the terminal, else 80.
   * Meaningful only if there is a terminal.
   */
  public static int columns() {
    return columns(System.getenv()).orElseGet(WIDTH::get);
  }

  static OptionalInt columns(Map<String, String> environment) {
    String columns = environment.getOrDefault("COLUMNS", "").strip();
    return columns.matches("[1-9][0-9]{0,4}")
        ? OptionalInt.of(Integer.parseInt(columns))
        : OptionalInt.empty();
  }

  /** Standard output; on a terminal, tables and prose fit its width. */
  public static PrintStream out() {
    return isInteractive()
        ? new FittedStream(System.out, Terminal::columns, System.console().charset())
        : System.out;
  }

  /** Whether standard input and output are a terminal, so that the user can answer questions. */
  public static boolean isInteractive() {
    Console console = System.console();
    return console != null && isInteractive(console);
  }

  /**
   * Whether bars and colours may be shown: on a terminal that is not dumb, unless {@code NO_COLOR}
   * is set (see no-color.org), which asks for text without control characters.
   */
  public static boolean isDecorated() {
    return isInteractive() && allowsDecoration(System.getenv());
  }

  static boolean allowsDecoration(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  /** Whether the terminal can show block characters. */
  static boolean isUnicode() {
    Console console = System.console();
    return console != null && StandardCharsets.UTF_8.equals(console.charset());
  }

  /** Since Java 22 there may be a console without a terminal, and a method that tells. */
  private static boolean isInteractive(Console console) {
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException olderJava) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
