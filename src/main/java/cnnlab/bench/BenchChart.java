package cnnlab.bench;

import cnnlab.bench.worker.EngineNames;
import cnnlab.plot.DotPlot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Draws the chart of a benchmark: the best row of each engine, for each model and mode. */
final class BenchChart {
  private BenchChart() {}

  static void write(Path file, List<BenchRow> rows) throws IOException {
    Map<String, Map<String, Double>> series = new LinkedHashMap<>();
    for (String engine : EngineNames.all()) {
      Map<String, Double> best = new TreeMap<>();
      rows.stream()
          .filter(row -> row.engine().equals(engine))
          .forEach(row -> best.merge(category(row), row.imagesPerSecond(), Math::max));
      if (!best.isEmpty()) {
        series.put(engine, best);
      }
    }
    DotPlot.draw("Images per second, best setting of each engine", "images/s", series).write(file);
  }

  private static String category(BenchRow row) {
    return "%s %s, batch %s".formatted(row.model(), row.mode(), row.batch());
  }
}
