package cnnlab.report;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/** A bar for the epoch that runs, replaced by a line when the epoch is done. */
final class BarProgress implements Progress {

  private static final int UPDATE_MILLIS = 250;
  private static final int MIN_CELLS = 5;
  private static final int MAX_CELLS = 40;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final PrintStream terminal;
  private final Style style;
  private final EpochTimer timer;
  private long itemsPerEpoch;
  private ProgressBar bar;

  BarProgress(PrintStream out, PrintStream terminal, Style style, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.style = style;
    this.timer = new EpochTimer(nanoTime);
  }

  static BarProgress onStandardError(PrintStream out) {
    return new BarProgress(out, System.err, Style.ofTerminal(), System::nanoTime);
  }

  @Override
  public void start(String task, int totalEpochs, long items) {
    close();
    itemsPerEpoch = items;
    out.println(timer.start(task, totalEpochs, items));
    out.flush();
  }

  @Override
  public void step(long items, double loss) {
    timer.step(items);
    if (bar == null) {
      bar = newBar();
    }
    String message = Double.isNaN(loss) ? "" : "  loss " + Numbers.fixed(loss, 4);
    bar.setExtraMessage(timer.speed() + message + "  left " + timer.left());
    bar.stepBy(items);
  }

  @Override
  public void epochDone(EpochPoint point) {
    close();
    out.println(timer.epochDone(point));
    out.flush();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
      // Before the other stream writes on the same line.
      terminal.print(CLEAR_LINE);
      terminal.flush();
    }
  }

  private ProgressBar newBar() {
    return new ProgressBarBuilder()
        .setTaskName(timer.epochName(timer.currentEpoch()))
        .setInitialMax(itemsPerEpoch)
        .setUpdateIntervalMillis(UPDATE_MILLIS)
        .setConsumer(new OneLine(terminal))
        .setRenderer(this::render)
        .build();
  }

  /**
   * The line of the bar. The library's own rendering leaves no room for loss and time left in 80
   * columns.
   */
  private String render(ProgressState state, int columns) {
    double done = Math.max(0, Math.min(1, state.getNormalizedProgress()));
    String before =
        state.getTaskName() + String.format(Locale.ROOT, " %3d%% ", Math.round(100 * done));
    String after = "  " + state.getExtraMessage();
    int room = columns - before.length() - after.length() - 2;
    int cells = Math.max(MIN_CELLS, Math.min(MAX_CELLS, room));
    int full = (int) Math.round(cells * done);
    return before + style.bar(full, cells - full) + after;
  }

  /** The library ends a bar with a line break, which would leave an empty line per epoch. */
  private static final class OneLine extends ConsoleProgressBarConsumer {

    OneLine(PrintStream out) {
      super(out);
    }

    @Override
    public void close() {}
  }

  /**
   * How a bar looks.
   *
   * @param unicode block characters instead of ASCII
   * @param colour ANSI colours
   */
  record Style(boolean unicode, boolean colour) {

    /** Colours unless NO_COLOR is set (see no-color.org); blocks only where UTF-8 is written. */
    static Style ofTerminal() {
      Console console = System.console();
      String noColor = System.getenv("NO_COLOR");
      return new Style(
          console != null && StandardCharsets.UTF_8.equals(console.charset()),
          noColor == null || noColor.isEmpty());
    }

    String bar(int full, int empty) {
      String done = (unicode ? "\u2588" : "#").repeat(full);
      String rest = (unicode ? "\u2591" : ".").repeat(empty);
      return colour ? "\u001b[36m" + done + rest + "\u001b[0m" : "[" + done + rest + "]";
    }
  }
}
