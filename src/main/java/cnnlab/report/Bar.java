package cnnlab.report;

import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/**
 * A bar on the last line of a terminal, which disappears when it is closed. May be moved by several
 * threads.
 */
final class Bar implements AutoCloseable {
  private static final int UPDATE_MILLIS = 250;
  private static final int MIN_CELLS = 5;
  private static final int MAX_CELLS = 40;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream terminal;
  private final boolean unicode;
  private final ProgressBar bar;

  /**
   * Draws a bar.
   *
   * @param unicode block characters instead of ASCII
   * @param name what stands before it
   * @param total how much there is to do
   */
  Bar(PrintStream terminal, boolean unicode, String name, long total) {
    this.terminal = terminal;
    this.unicode = unicode;
    this.bar =
        new ProgressBarBuilder()
            .setTaskName(name)
            .setInitialMax(total)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .setConsumer(new OneLine(terminal))
            .setRenderer(this::render)
            .build();
  }

  /**
   * So much more is done.
   *
   * @param message what stands behind the bar
   */
  void step(long items, String message) {
    bar.setExtraMessage(message);
    bar.stepBy(items);
  }

  /** So much is done in all. */
  void at(long items, String message) {
    bar.setExtraMessage(message);
    bar.stepTo(items);
  }

  /** Removes the bar, before the same terminal gets another line. */
  @Override
  public void close() {
    bar.close();
    terminal.print(CLEAR_LINE);
    terminal.flush();
  }

  /**
   * The line of the bar. The library's own rendering leaves no room for speed, loss and time left
   * in 80 columns.
   */
  private String render(ProgressState state, int columns) {
    double done = Math.max(0, Math.min(1, state.getNormalizedProgress()));
    String before =
        state.getTaskName() + String.format(Locale.ROOT, " %3d%% ", Math.round(100 * done));
    String after = "  " + state.getExtraMessage();
    int room = columns - before.length() - after.length() - 2;
    int cells = Math.max(MIN_CELLS, Math.min(MAX_CELLS, room));
    int full = (int) Math.round(cells * done);
    return before + cells(full, cells - full) + after;
  }

  private String cells(int full, int empty) {
    String done = (unicode ? "\u2588" : "#").repeat(full);
    String rest = (unicode ? "\u2591" : ".").repeat(empty);
    return "\u001b[36m" + done + rest + "\u001b[0m";
  }

  /** The library ends a bar with a line break, which would leave an empty line behind each. */
  private static final class OneLine extends ConsoleProgressBarConsumer {

    OneLine(PrintStream out) {
      super(out);
    }

    @Override
    public void close() {}
  }
}
