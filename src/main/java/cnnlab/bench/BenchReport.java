package cnnlab.bench;

import cnnlab.bench.growth.Growth;
import cnnlab.bench.roofline.MachinePeak;
import cnnlab.bench.roofline.Roofline;
import cnnlab.store.Provenance;
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
  private static final String TIME = "growth-time.png";
  private static final String MEMORY = "growth-memory.png";

  private BenchReport() {}

  static void write(RunDirectory directory, Bench.Result result, BenchOptions options)
      throws IOException {
    directory.writeJson("bench.json", result);
    directory.write(CHART, file -> BenchChart.write(file, result.rows()));
    directory.writeText("report.md", markdown(result, options));
  }

  /** Writes {@code report.md}, {@code growth.json} and two pictures. */
  static void write(RunDirectory directory, Bench.GrowthResult result, BenchOptions options)
      throws IOException {
    directory.writeJson("growth.json", result);
    directory.write(TIME, file -> result.growth().timePlot().write(file));
    directory.write(MEMORY, file -> result.growth().memoryPlot().write(file));
    directory.writeText(
        "report.md",
        new MarkdownReport()
            .heading(1, "How time and memory grow")
            .paragraph(
                machine(result.provenance(), result.loadAverageAtEnd())
                    + " "
                    + Numbers.counted(result.growth().threads(), "thread")
                    + ".")
            .paragraph(Growth.EXPLANATION)
            .table(result.growth().exponents())
            .image("Time against images, channels, resolution and depth", TIME)
            .image("Memory against images, channels, resolution and depth", MEMORY)
            .heading(2, "All sizes")
            .table(result.growth().table())
            .heading(2, "How to repeat this run")
            .code("sh", "./cnnlab " + String.join(" ", options.arguments()))
            .toString());
  }

  private static String machine(Provenance provenance, double loadAtEnd) {
    return "Java %s on %s; load average %s at the start and %s at the end."
        .formatted(
            provenance.java().version(),
            Numbers.counted(provenance.machine().cores(), "core"),
            Numbers.significant(provenance.machine().loadAverage()),
            Numbers.significant(loadAtEnd));
  }

  private static String markdown(Bench.Result result, BenchOptions options) {
    MarkdownReport report =
        new MarkdownReport()
            .heading(1, "Speed of the engines")
            .paragraph(machine(result.provenance(), result.loadAverageAtEnd()))
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
