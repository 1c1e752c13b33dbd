package cnnlab.console;

import java.util.List;
import java.util.Locale;

/**
 * A bar on the last line of a terminal, which disappears when it is closed. It is drawn by the
 * thread that moves it, at most ten times a second. Not thread-safe.
 *
 * <p>This is our own implementation because the library used before asked JLine for the width of
 * the terminal, and JLine restored the default handling of Ctrl-C, which ends a process at once.
 */
final class TerminalBar implements AutoCloseable {
  private static final long PAUSE_NANOS = 100_000_000L;
  private static final int MIN_CELLS = 5;
  private static final int MAX_CELLS = 40;
  private static final String GAP = "  ";

  /** Erases from the cursor to the end of the line. */
  private static final String ERASE = "\u001b[K";

  private final Screen screen;
  private final String name;
  private final long total;
  private long done;
  private List<String> notes = List.of();
  private boolean drawn;
  private long drawnAt;

  /**
   * Nothing is drawn before the first move.
   *
   * @param name the text before the bar
   * @param total the amount of work, at least 1
   */
  TerminalBar(Screen screen, String name, long total) {
    this.screen = screen;
    this.name = name;
    this.total = total;
  }

  /**
   * Adds an amount of finished work.
   *
   * @param notes texts after the bar; if the line is too short, the first are left out
   */
  void step(long items, String... notes) {
    at(done + items, notes);
  }

  /** Sets the amount of finished work; see {@link #step}. */
  void at(long items, String... notes) {
    this.done = items;
    this.notes = List.of(notes);
    long now = screen.nanoTime().getAsLong();
    if (!drawn || now - drawnAt >= PAUSE_NANOS) {
      drawn = true;
      drawnAt = now;
      screen.out().print("\r" + line(screen.columns().getAsInt()) + ERASE);
      screen.out().flush();
    }
  }

  /** Removes the bar; needed before another line is printed. */
  @Override
  public void close() {
    if (drawn) {
      screen.out().print("\r" + ERASE);
      screen.out().flush();
    }
  }

  /** The line. The last column stays free because some terminals begin a new line after it. */
  private String line(int columns) {
    int room = columns - 1;
    double share = Math.max(0, Math.min(1, done / (double) total));
    String before = name + String.format(Locale.ROOT, " %3d%% ", Math.round(100 * share));
    for (int dropped = 0; dropped <= notes.size(); dropped++) {
      String after = after(notes.subList(dropped, notes.size()));
      int cells = Math.min(MAX_CELLS, room - before.length() - after.length());
      if (cells >= MIN_CELLS) {
        int full = (int) Math.round(cells * share);
        return before + cells(full, cells - full) + after;
      }
    }
    return before.substring(0, Math.max(0, Math.min(before.length(), room)));
  }

  private static String after(List<String> notes) {
    StringBuilder after = new StringBuilder();
    notes.stream().filter(note -> !note.isEmpty()).forEach(note -> after.append(GAP).append(note));
    return after.toString();
  }

  private String cells(int full, int empty) {
    String done = (screen.unicode() ? "\u2588" : "#").repeat(full);
    String rest = (screen.unicode() ? "\u2591" : ".").repeat(empty);
    return "\u001b[36m" + done + rest + "\u001b[0m";
  }
}
