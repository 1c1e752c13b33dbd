package cnnlab.console;

import java.io.PrintStream;

/**
 * Tells a person how a training goes. Per training: {@link #start}, then for each epoch any number
 * of {@link #step}s and one {@link #epochDone}; {@link #close} at the end, also after a failure.
 *
 * <p>Every epoch ends with one line on standard output, such as
 *
 * <pre>{@code epoch  3/10  7,812 images/s  loss 0.1034  val acc 0.9712  left 42 s}</pre>
 *
 * and on a terminal a bar shows the epoch that runs.
 */
public interface Progress extends AutoCloseable {

  /**
   * Begins a training.
   *
   * @param task what is trained, such as {@code task1 dl4j}
   * @param itemsPerEpoch training images per epoch
   */
  void start(String task, Epochs epochs, long itemsPerEpoch);

  /**
   * How long a training is.
   *
   * @param total number of epochs, at least 1
   * @param before how many were trained before the run was resumed, from 0
   */
  record Epochs(int total, int before) {}

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
   * @param decorated whether to draw the bar on standard output; see {@link Terminal#isDecorated}
   */
  static Progress forTerminal(PrintStream out, boolean decorated) {
    return decorated
        ? new BarProgress(out, Screen.standard())
        : new PlainProgress(out, System::nanoTime);
  }
}
