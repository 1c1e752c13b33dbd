package cnnlab.report;

import java.io.Console;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What can be done with the place where a program's words appear. */
public final class Terminal {
  private static final TerminalWidth WIDTH = new TerminalWidth();

  private Terminal() {}

  /** Columns of the terminal, 80 where it cannot be told; to be asked only when there is one. */
  public static int columns() {
    return WIDTH.get();
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
