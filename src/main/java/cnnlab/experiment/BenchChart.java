package cnnlab.experiment;

import cnnlab.report.Plots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The bar chart of a benchmark: for each model and mode the best row of each engine. */
final class BenchChart {
  private BenchChart() {}

  static void write(Path file, List<Bench.Row> rows) throws IOException {
    Map<String, Map<String, Double>> series = new LinkedHashMap<>();
    for (Bench.Row row : rows) {
      series
          .computeIfAbsent(row.engine(), k -> new LinkedHashMap<>())
          .merge(row.model() + " " + row.mode(), row.imagesPerSecond(), Math::max);
    }
    Plots.writePng(
        file,
        Plots.bars("Images per second, best setting of each engine", "images/s", series, true));
  }
}
