package cnnlab.console;

import cnnlab.text.Prose;
import cnnlab.text.TextTable;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.function.IntSupplier;

/**
 * A stream to a terminal: a {@link TextTable} that is printed fits its width, and so does {@link
 * #prose}. All else, such as a command to be copied, passes unchanged. What is piped does not go
 * through here.
 */
public final class FittedStream extends PrintStream {
  private final IntSupplier columns;
  private final Charset charset;

  /**
   * @param out where it goes
   * @param columns of the terminal, now
   * @param charset of the terminal
   */
  public FittedStream(OutputStream out, IntSupplier columns, Charset charset) {
    super(out, true, charset);
    this.columns = columns;
    this.charset = charset;
  }

  /** How many columns there are now. */
  public int columns() {
    return columns.getAsInt();
  }

  /** The encoding, which {@link PrintStream} tells only since Java 18. */
  public Charset encoding() {
    return charset;
  }

  /** Prints sentences and ends the line; on a terminal broken between words. */
  public static void prose(PrintStream out, String text) {
    out.println(out instanceof FittedStream fitted ? Prose.wrap(text, fitted.columns()) : text);
  }

  @Override
  public void print(Object object) {
    print(text(object));
  }

  @Override
  public void println(Object object) {
    println(text(object));
  }

  private String text(Object object) {
    return object instanceof TextTable table ? table.toString(columns()) : String.valueOf(object);
  }
}
