package cnnlab.console;

import cnnlab.store.TrialMark;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The output streams of a command.
 *
 * @param progress receives messages while it runs
 * @param results receives the results at its end
 * @param decorated whether bars and colours may be shown on standard output
 */
public record Output(PrintStream progress, PrintStream results, boolean decorated) {

  /** Everything to standard output, with bars on a terminal; if quiet, only results. */
  public static Output standard(boolean quiet) {
    PrintStream out = Terminal.out();
    return quiet
        ? new Output(new PrintStream(OutputStream.nullOutputStream()), out, false)
        : new Output(out, out, Terminal.isDecorated());
  }

  /** Everything to one stream, without bars. */
  public static Output plain(PrintStream out) {
    return new Output(out, out, false);
  }

  /**
   * The same with the mark of a trial before every line, after printing its meaning; itself if the
   * mark is empty (a full run).
   */
  public Output marked(String mark) {
    if (mark.isEmpty()) {
      return this;
    }
    Output marked =
        new Output(PrefixedLines.to(progress, mark), PrefixedLines.to(results, mark), decorated);
    FittedStream.prose(
        marked.progress, TrialMark.meaning(mark) + " It is not used for any verdict.");
    return marked;
  }
}
