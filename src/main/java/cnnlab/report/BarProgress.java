package cnnlab.report;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar for the epoch that runs, replaced by a line when the epoch is done. */
final class BarProgress implements Progress {

  private static final int UPDATE_MILLIS = 250;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final PrintStream terminal;
  private final ProgressBarStyle style;
  private final EpochTimer timer;
  private long itemsPerEpoch;
  private ProgressBar bar;

  BarProgress(
      PrintStream out, PrintStream terminal, ProgressBarStyle style, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.style = style;
    this.timer = new EpochTimer(nanoTime);
  }

  static BarProgress onStandardError(PrintStream out) {
    return new BarProgress(out, System.err, styleOfTerminal(), System::nanoTime);
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
    bar.setExtraMessage(message + "  left " + timer.left());
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
      // The bar leaves its own line in an unknown state, and the next text goes to another stream.
      terminal.print(CLEAR_LINE);
      terminal.flush();
    }
  }

  private ProgressBar newBar() {
    return new ProgressBarBuilder()
        .setTaskName(timer.epochName(timer.currentEpoch()))
        .setInitialMax(itemsPerEpoch)
        .setUpdateIntervalMillis(UPDATE_MILLIS)
        .setConsumer(new ConsoleProgressBarConsumer(terminal))
        .setStyle(style)
        .setUnit(" images", 1)
        .showSpeed(new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
        .hideEta()
        .clearDisplayOnFinish()
        .build();
  }

  /** Colours unless NO_COLOR is set (see no-color.org); block characters only where UTF-8 is. */
  private static ProgressBarStyle styleOfTerminal() {
    Console console = System.console();
    if (console == null || !StandardCharsets.UTF_8.equals(console.charset())) {
      return ProgressBarStyle.ASCII;
    }
    String noColor = System.getenv("NO_COLOR");
    boolean plain = noColor != null && !noColor.isEmpty();
    return plain ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.COLORFUL_UNICODE_BLOCK;
  }
}
