package cnnlab.console;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** A stream that prefixes every line with a mark. */
final class PrefixedLines extends FilterOutputStream {
  private final byte[] mark;
  private boolean atStart = true;

  private PrefixedLines(PrintStream out, String mark) {
    super(out);
    this.mark = (mark + " ").getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * A stream that prefixes every line with a mark.
   *
   * @param mark in ASCII
   */
  static PrintStream to(PrintStream out, String mark) {
    PrefixedLines lines = new PrefixedLines(out, mark);
    if (out instanceof FittedStream fitted) {
      int taken = lines.mark.length;
      return new FittedStream(
          lines, () -> Math.max(1, fitted.columns() - taken), fitted.encoding());
    }
    return new PrintStream(lines, true, Charset.defaultCharset());
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    while (from < offset + length) {
      if (atStart) {
        out.write(mark);
      }
      int to = from;
      while (to < offset + length && bytes[to] != '\n') {
        to++;
      }
      atStart = to < offset + length;
      int end = atStart ? to + 1 : to;
      out.write(bytes, from, end - from);
      from = end;
    }
  }
}
