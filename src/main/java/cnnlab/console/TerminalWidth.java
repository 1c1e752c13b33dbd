package cnnlab.console;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The width of a terminal as reported by a tool of the system, since Java has no method for it. The
 * tool is run again after some seconds because the window may have been resized.
 */
final class TerminalWidth {
  /** The width if the tool does not report one. */
  static final int USUAL = 80;

  /** How long an answer is used; a call takes some milliseconds. */
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long PATIENCE_SECONDS = 2;
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private int columns;
  private long askedAt;

  /** The width in columns, at most some seconds old. */
  synchronized int get() {
    long now = System.nanoTime();
    if (columns == 0 || now - askedAt >= FRESH_NANOS) {
      columns = ask(windows()).orElse(columns == 0 ? USUAL : columns);
      askedAt = System.nanoTime();
    }
    return columns;
  }

  private static boolean windows() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
  }

  private static OptionalInt ask(boolean windows) {
    // stty prints "24 80" for the terminal it reads from; mode prints text in the system's
    // language,
    // with the number of lines first.
    ProcessBuilder tool =
        windows
            ? new ProcessBuilder("cmd", "/c", "mode con")
                .redirectInput(ProcessBuilder.Redirect.PIPE)
            : new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty"));
    Process process = null;
    try {
      process = tool.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return OptionalInt.empty();
      }
      return second(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return OptionalInt.empty(); // no such tool, or no terminal
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    } finally {
      if (process != null) {
        process.destroy();
      }
    }
  }

  /** The second number of an answer if it can be a width; for a serial line it is 0. */
  static OptionalInt second(String answer) {
    List<Integer> numbers =
        NUMBER
            .matcher(answer)
            .results()
            .map(MatchResult::group)
            .filter(digits -> digits.length() <= 5)
            .map(Integer::valueOf)
            .toList();
    return numbers.size() >= 2 && numbers.get(1) > 0
        ? OptionalInt.of(numbers.get(1))
        : OptionalInt.empty();
  }
}
