package cnnlab.console;

import cnnlab.text.Numbers;
import java.io.PrintStream;

/** A bar for the current epoch, replaced by a line when the epoch is done. */
final class BarProgress implements Progress {

  private final PrintStream out;
  private final Screen screen;
  private final EpochTimer timer;
  private long itemsPerEpoch;
  private TerminalBar bar;

  BarProgress(PrintStream out, Screen screen) {
    this.out = out;
    this.screen = screen;
    this.timer = new EpochTimer(screen.nanoTime());
  }

  @Override
  public void start(String task, Epochs epochs, long items) {
    close();
    itemsPerEpoch = items;
    out.println(timer.start(task, epochs, items));
    out.flush();
  }

  @Override
  public void step(long items, double loss) {
    timer.step(items);
    if (bar == null) {
      bar = new TerminalBar(screen, timer.epochName(timer.currentEpoch()), itemsPerEpoch);
    }
    String message = Double.isNaN(loss) ? "" : "loss " + Numbers.fixed(loss, 4);
    bar.step(items, timer.speed(), message, "left " + timer.left());
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
