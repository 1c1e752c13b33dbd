package cnnlab.console;

import cnnlab.text.Prose;
import cnnlab.text.TextTable;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.function.IntSupplier;

/**
 * A stream to a terminal that fits each {@link TextTable} and {@link #prose} to its width. Other
 * text, such as a command to copy, passes unchanged. Output to a pipe does not use this class.
 */
public final class FittedStream extends PrintStream {
  private final IntSupplier columns;
  private final Charset charset;

  /**
   * @param out the underlying stream
   * @param columns the current width of the terminal
   * @param charset the character set of the terminal
   */
  public FittedStream(OutputStream out, IntSupplier columns, Charset charset) {
    super(out, true, charset);
    this.columns = columns;
    this.charset = charset;
  }

  /** The current width in columns. */
  public int columns() {
    return columns.getAsInt();
  }

  /** The character set; {@link PrintStream} has this method only since Java 18. */
  public Charset encoding() {
    return charset;
  }

  /** Prints sentences and ends the line; on a terminal, lines are broken between words. */
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
