package cnnlab.console;

import java.io.PrintStream;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * A terminal to draw bars on.
 *
 * @param out what arrives there
 * @param unicode whether block characters arrive as such
 * @param columns how wide it is now
 * @param nanoTime a clock, so that it is not drawn on too often
 */
record Screen(PrintStream out, boolean unicode, IntSupplier columns, LongSupplier nanoTime) {
  /** Where standard output goes. */
  static Screen standard() {
    return new Screen(System.out, Terminal.isUnicode(), Terminal::columns, System::nanoTime);
  }
}
