package cnnlab.console;

import java.io.PrintStream;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * A terminal to draw bars on.
 *
 * @param out the stream to the terminal
 * @param unicode whether it can show block characters
 * @param columns its current width
 * @param nanoTime a clock, which limits how often bars are drawn
 */
record Screen(PrintStream out, boolean unicode, IntSupplier columns, LongSupplier nanoTime) {
  /** The terminal of standard output. */
  static Screen standard() {
    return new Screen(System.out, Terminal.isUnicode(), Terminal::columns, System::nanoTime);
  }
}
