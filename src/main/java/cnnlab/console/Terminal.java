package cnnlab.console;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;

/** What can be done with the place where a program's words appear. */
public final class Terminal {
  private static final TerminalWidth WIDTH = new TerminalWidth();

  private Terminal() {}

  /**
   * Columns of the terminal: what {@code COLUMNS} says, or the terminal itself; 80 where neither
   * does. To be asked only when there is a terminal.
   */
  public static int columns() {
    return columns(System.getenv()).orElseGet(WIDTH::get);
  }

  static OptionalInt columns(Map<String, String> environment) {
    String said = environment.getOrDefault("COLUMNS", "").strip();
    return said.matches("[1-9][0-9]{0,4}")
        ? OptionalInt.of(Integer.parseInt(said))
        : OptionalInt.empty();
  }

  /** Standard output; tables and prose fit the terminal, where it is one. */
  public static PrintStream out() {
    return isInteractive()
        ? new FittedStream(System.out, Terminal::columns, System.console().charset())
        : System.out;
  }

  /** Whether standard input and output are a terminal, so that a question can be answered. */
  public static boolean isInteractive() {
    Console console = System.console();
    return console != null && isInteractive(console);
  }

  /**
   * Whether bars and colours may be shown: on a terminal that is not dumb, unless {@code NO_COLOR}
   * is set (see no-color.org): who sets it wants text without control characters.
   */
  public static boolean isDecorated() {
    return isInteractive() && allowsDecoration(System.getenv());
  }

  static boolean allowsDecoration(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  /** Whether block characters arrive as such. */
  static boolean isUnicode() {
    Console console = System.console();
    return console != null && StandardCharsets.UTF_8.equals(console.charset());
  }

  /** Since Java 22 there may be a console without a terminal; only then is there this method. */
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
