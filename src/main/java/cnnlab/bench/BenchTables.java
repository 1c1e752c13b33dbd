package cnnlab.bench;

import cnnlab.bench.roofline.Roofline;
import cnnlab.console.FittedStream;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.io.PrintStream;

/** Shows the result of a benchmark on the terminal. */
final class BenchTables {
  private static final double MILLION = 1e6;
  private static final double THOUSAND = 1e3;

  private BenchTables() {}

  static void print(PrintStream out, Bench.Result result) {
    out.println(rows(result));
    FittedStream.prose(out, whatWasMeasured(result));
    result.refusals().forEach(note -> FittedStream.prose(out, "Note: " + note));
    if (!result.rooflines().isEmpty()) {
      out.println();
      out.println(BenchReport.peaks(result.peaks()));
    }
    for (Roofline roofline : result.rooflines()) {
      out.println(roofline.title());
      out.println(roofline.table());
    }
    if (!result.rooflines().isEmpty()) {
      FittedStream.prose(out, Roofline.EXPLANATION);
    }
    result.disagreements().forEach(note -> FittedStream.prose(out, "NOT the same: " + note));
  }

  /** How the figures came about, in a few sentences. */
  static String whatWasMeasured(Bench.Result result) {
    return "Each row: %s of at least %s s, in turn with those of all other rows of the model, after a warm-up of %s s. images/s: their median; min, max: the slowest and the fastest. median, 99 %%: time of a call, over all calls of all repeats; no 99 %% below 100 calls. over library: images/s over the best row of DL4J, ONNX Runtime and PyTorch with the same model, mode and batch."
        .formatted(
            Numbers.counted(result.repeats(), "measurement"),
            Numbers.significant(result.seconds()),
            Numbers.significant(Measurements.WARM_UP * result.seconds()));
  }

  /** All rows. */
  static TextTable rows(Bench.Result result) {
    TextTable table =
        new TextTable()
            .left("model")
            .left("mode")
            .right("batch")
            .left("engine")
            .right("threads")
            .right("images/s")
            .right("min")
            .right("max")
            .right("median")
            .right("99 %")
            .right("calls")
            .right("GFLOP/s")
            .right("over library")
            .optional("all with --json", "min", "max", "calls", "GFLOP/s", "99 %");
    for (BenchRow r : result.rows()) {
      table.row(
          r.model(),
          r.mode(),
          Numbers.count(r.batch()),
          r.engine(),
          String.valueOf(r.threads()),
          rate(r.imagesPerSecond()),
          rate(r.min()),
          rate(r.max()),
          time(r.latency()),
          time(r.latency99()),
          Numbers.count(r.calls()),
          Numbers.significant(r.gflops()),
          Double.isNaN(r.ratio()) ? "-" : Numbers.significant(r.ratio()));
    }
    return table;
  }

  private static String rate(double imagesPerSecond) {
    return imagesPerSecond < THOUSAND
        ? Numbers.significant(imagesPerSecond)
        : Numbers.count(Math.round(imagesPerSecond));
  }

  /** A time of a call: 12.6 µs, 91.2 ms. */
  static String time(double seconds) {
    if (Double.isNaN(seconds)) {
      return "-";
    }
    return seconds * MILLION < THOUSAND
        ? Numbers.fixed(seconds * MILLION, 1) + " µs"
        : seconds < 1
            ? Numbers.fixed(seconds * THOUSAND, 2) + " ms"
            : Numbers.fixed(seconds, 2) + " s";
  }
}
