package cnnlab.console;

import java.io.PrintStream;

/**
 * Shows the progress of a training. Call {@link #start} once, then for each epoch any number of
 * {@link #step}s and one {@link #epochDone}; {@link #close} at the end, also after a failure.
 *
 * <p>Every epoch ends with one line on standard output, such as
 *
 * <pre>{@code epoch  3/10  7,812 images/s  loss 0.1034  val acc 0.9712  left 42 s}</pre>
 *
 * and on a terminal a bar shows the current epoch.
 */
public interface Progress extends AutoCloseable {

  /**
   * Starts a training.
   *
   * @param task the name of the training, such as {@code task1 dl4j}
   * @param epochs the length of the training
   * @param itemsPerEpoch training images per epoch
   */
  void start(String task, Epochs epochs, long itemsPerEpoch);

  /**
   * The length of a training.
   *
   * @param total number of epochs, at least 1
   * @param before number of epochs trained before the run was resumed, from 0
   */
  record Epochs(int total, int before) {}

  /**
   * Reports trained images.
   *
   * @param items number of images since the last step
   * @param loss their mean loss, or NaN if it is not known
   */
  void step(long items, double loss);

  /**
   * Reports an epoch after its validation.
   *
   * @param point the measured values; NaN is not shown
   */
  void epochDone(EpochPoint point);

  /** Removes the bar, if there is one. */
  @Override
  void close();

  /**
   * A bar and lines on a terminal, only lines elsewhere.
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
