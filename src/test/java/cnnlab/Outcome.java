package cnnlab;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a command line did.
 *
 * @param code its exit code
 * @param out standard output
 * @param err standard error
 */
public record Outcome(int code, String out, String err) {

  /** Runs {@code cnnlab} with these arguments in this JVM. */
  public static Outcome of(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Outcome outcome = with(new PrintStream(out, true, StandardCharsets.UTF_8), arguments);
    return new Outcome(outcome.code, out.toString(StandardCharsets.UTF_8), outcome.err);
  }

  /** The same, with standard output going elsewhere. */
  static Outcome with(PrintStream out, String... arguments) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    System.setOut(out);
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(arguments);
      return new Outcome(code, "", err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }
}
