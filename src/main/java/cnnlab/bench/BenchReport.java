package cnnlab.bench;

import cnnlab.bench.roofline.MachinePeak;
import cnnlab.bench.roofline.Roofline;
import cnnlab.store.RunDirectory;
import cnnlab.text.MarkdownReport;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.io.IOException;
import java.util.List;

/** Writes a directory with {@code report.md}, {@code bench.json} and {@code bench.png}. */
final class BenchReport {
  private static final double GIGA = 1e9;
  private static final String CHART = "bench.png";

  private BenchReport() {}

  static void write(RunDirectory directory, Bench.Result result, BenchOptions options)
      throws IOException {
    directory.writeJson("bench.json", result);
    directory.write(CHART, file -> BenchChart.write(file, result.rows()));
    directory.writeText("report.md", markdown(result, options));
  }

  private static String markdown(Bench.Result result, BenchOptions options) {
    var provenance = result.provenance();
    MarkdownReport report =
        new MarkdownReport()
            .heading(1, "Speed of the engines")
            .paragraph(
                "Java %s on %s cores; load average %s at the start and %s at the end."
                    .formatted(
                        provenance.java().version(),
                        provenance.machine().cores(),
                        Numbers.significant(provenance.machine().loadAverage()),
                        Numbers.significant(result.loadAverageAtEnd())))
            .image("Images per second of each engine", CHART)
            .heading(2, "All settings")
            .paragraph(BenchTables.whatWasMeasured(result))
            .table(BenchTables.rows(result));
    notes(report, "Not measured", result.refusals());
    notes(report, "Not the same", result.disagreements());
    if (!result.rooflines().isEmpty()) {
      report
          .heading(2, "What the machine can do")
          .paragraph(
              "FMA: a loop of nothing but fused multiplications and additions in registers. Copy: bytes read and written when arrays of 64 MiB are copied.")
          .table(peaks(result.peaks()))
          .heading(2, "Layer by layer, from scratch")
          .paragraph(Roofline.EXPLANATION);
      for (Roofline roofline : result.rooflines()) {
        report.heading(3, roofline.title()).table(roofline.table());
      }
    }
    return report
        .heading(2, "How to repeat this run")
        .code("sh", "./cnnlab " + String.join(" ", options.arguments()))
        .toString();
  }

  private static void notes(MarkdownReport report, String heading, List<String> notes) {
    if (!notes.isEmpty()) {
      report.heading(2, heading);
      notes.forEach(report::paragraph);
    }
  }

  /** The peaks. */
  static TextTable peaks(List<MachinePeak> peaks) {
    TextTable table = new TextTable().right("threads").right("FMA, GFLOP/s").right("copy, GB/s");
    for (MachinePeak p : peaks) {
      table.row(
          String.valueOf(p.threads()),
          Numbers.significant(p.flops() / GIGA),
          Numbers.significant(p.bandwidth() / GIGA));
    }
    return table;
  }
}
