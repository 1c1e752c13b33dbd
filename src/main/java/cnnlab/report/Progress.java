package cnnlab.report;

import java.io.Console;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Tells a person how a training goes. Per training: {@link #start}, then for each epoch any number
 * of {@link #step}s and one {@link #epochDone}; {@link #close} at the end, also after a failure.
 *
 * <p>Every epoch ends with one line on standard output, such as
 *
 * <pre>{@code epoch  3/10  7,812 images/s  loss 0.1034  val acc 0.9712  left 42 s}</pre>
 *
 * and on a terminal a bar on standard error shows the epoch that runs.
 */
public interface Progress extends AutoCloseable {

  /**
   * Begins a training.
   *
   * @param task what is trained, such as {@code task1 dl4j}
   * @param totalEpochs number of epochs, at least 1
   * @param itemsPerEpoch training images per epoch
   */
  void start(String task, int totalEpochs, long itemsPerEpoch);

  /**
   * Some images are done.
   *
   * @param items how many since the last step
   * @param loss their mean loss, or NaN when it is not known
   */
  void step(long items, double loss);

  /**
   * An epoch is done, with its validation.
   *
   * @param point what was measured; values that are NaN are not shown
   */
  void epochDone(EpochPoint point);

  /** Removes the bar, if there is one. */
  @Override
  void close();

  /**
   * A bar and lines on a terminal, lines alone elsewhere.
   *
   * @param out receives the line of each epoch, usually standard output
   * @param isTerminal whether to draw the bar (on standard error); see {@link #isTerminal()}
   */
  static Progress forTerminal(PrintStream out, boolean isTerminal) {
    return isTerminal ? BarProgress.onStandardError(out) : new PlainProgress(out, System::nanoTime);
  }

  /** Shows nothing. */
  static Progress silent() {
    return new PlainProgress(new PrintStream(OutputStream.nullOutputStream()), System::nanoTime);
  }

  /** Whether standard input and output are a terminal that can redraw a line. */
  static boolean isTerminal() {
    Console console = System.console();
    return console != null && isInteractive(console) && !"dumb".equals(System.getenv("TERM"));
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
