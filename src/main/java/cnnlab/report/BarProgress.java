package cnnlab.report;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/** A bar for the epoch that runs, replaced by a line when the epoch is done. */
final class BarProgress implements Progress {

  private final PrintStream out;
  private final PrintStream terminal;
  private final boolean unicode;
  private final EpochTimer timer;
  private long itemsPerEpoch;
  private Bar bar;

  BarProgress(PrintStream out, PrintStream terminal, boolean unicode, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.unicode = unicode;
    this.timer = new EpochTimer(nanoTime);
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
      bar = new Bar(terminal, unicode, timer.epochName(timer.currentEpoch()), itemsPerEpoch);
    }
    String message = Double.isNaN(loss) ? "" : "  loss " + Numbers.fixed(loss, 4);
    bar.step(items, timer.speed() + message + "  left " + timer.left());
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
    }
  }
}
