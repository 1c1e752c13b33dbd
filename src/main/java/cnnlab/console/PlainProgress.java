package cnnlab.console;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/** One line per epoch: for logs, pipes and continuous integration. */
final class PlainProgress implements Progress {

  private final PrintStream out;
  private final EpochTimer timer;

  PlainProgress(PrintStream out, LongSupplier nanoTime) {
    this.out = out;
    this.timer = new EpochTimer(nanoTime);
  }

  @Override
  public void start(String task, Epochs epochs, long itemsPerEpoch) {
    out.println(timer.start(task, epochs, itemsPerEpoch));
  }

  @Override
  public void step(long items, double loss) {
    timer.step(items);
  }

  @Override
  public void epochDone(EpochPoint point) {
    out.println(timer.epochDone(point));
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }
}
