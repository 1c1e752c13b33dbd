package cnnlab.experiment;

import cnnlab.report.JsonFile;
import cnnlab.report.Numbers;
import cnnlab.report.Provenance;
import cnnlab.report.TextTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How fast is each engine? All engines are measured in one run, in turn, each in a process of its
 * own (DL4J's thread count is fixed at its start), and compared by the median of several repeats.
 *
 * <ul>
 *   <li>Question: is the engine from scratch faster than DL4J on a CPU, and by how much?
 *   <li>Time: about 8 minutes on two cores. Nothing else should run meanwhile: the load average is
 *       printed.
 *   <li>Command: {@code ./cnnlab bench --json bench.json}
 * </ul>
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure training and inference of all engines in one run.")
public final class Bench implements Callable<Integer> {
  static final int TRAIN_BATCH = 128;
  private static final int[] INFER_BATCHES = {128, 1000};

  @Option(
      names = "--models",
      split = ",",
      defaultValue = "task1,task3",
      description = "Which networks; default ${DEFAULT-VALUE}.")
  private List<BenchModel> models;

  @Option(
      names = "--engines",
      split = ",",
      defaultValue = "scratch,reference,dl4j,dl4j-onednn",
      description = "Which engines; default ${DEFAULT-VALUE}.")
  private List<String> engines;

  @Option(
      names = "--threads",
      split = ",",
      defaultValue = "1,2",
      description = "Numbers of threads; default ${DEFAULT-VALUE}.")
  private List<Integer> threads;

  @Option(
      names = "--repeats",
      defaultValue = "7",
      description = "Measurements of each setting; default ${DEFAULT-VALUE}.")
  private int repeats;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all rows as JSON.")
  private Path json;

  @Option(names = "--chart", paramLabel = "FILE", description = "Draw a bar chart as PNG.")
  private Path chart;

  /**
   * One line of the result.
   *
   * @param model task1 or task3
   * @param engine which engine
   * @param mode {@code train} (a step of Adam on a batch) or {@code infer}
   * @param batch images per call
   * @param threads threads of the engine
   * @param imagesPerSecond median over the repeats
   * @param min the slowest repeat
   * @param max the fastest repeat
   * @param gflops 1e9 multiplications and additions of convolutions and dense layers per second, at
   *     the median
   * @param ratio imagesPerSecond over that of the best DL4J row of the same model and mode, NaN
   *     without one
   */
  public record Row(
      String model,
      String engine,
      String mode,
      int batch,
      int threads,
      double imagesPerSecond,
      double min,
      double max,
      double gflops,
      double ratio) {}

  /** What {@code --json} holds. */
  public record Result(
      Provenance provenance, int repeats, double loadAverageAtEnd, List<Row> rows) {}

  private record Setting(BenchWorker.Client worker, BenchWorker.Request request) {}

  /** Runs from an IDE as it is. */
  public static void main(String[] args) {
    System.exit(Commands.execute(new Bench(), args));
  }

  @Override
  public Integer call() throws IOException {
    BenchWorker.checkEngines(engines);
    if (repeats < 1 || threads.stream().anyMatch(t -> t < 1)) {
      throw new UsageException("--repeats and --threads must be at least 1");
    }
    PrintStream out = System.out;
    Provenance provenance =
        Provenance.collect(
            new Provenance.Inputs(
                Versions.project(),
                Versions.dl4j(),
                List.of("bench"),
                threads.stream().mapToInt(Integer::intValue).max().orElse(1),
                Map.of("seed", BenchModel.SEED),
                Map.of(),
                Map.of("heap of the engines from scratch", BenchWorker.SCRATCH_HEAP)),
            RunOptions.home(),
            Clock.systemUTC());
    out.printf(
        "Load average %s on %d cores%n",
        Numbers.significant(provenance.machine().loadAverage()), provenance.machine().cores());
    Map<BenchWorker.Request, double[]> measured = new java.util.LinkedHashMap<>();
    List<BenchWorker.Client> workers = new ArrayList<>();
    try {
      for (String engine : engines) {
        for (int count : threads) {
          workers.add(BenchWorker.start(engine, count));
        }
      }
      measure(workers, measured, out);
    } finally {
      workers.forEach(BenchWorker.Client::close);
    }
    List<Row> rows = rows(measured);
    print(out, rows);
    double load =
        java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    out.printf("Load average %s at the end%n", Numbers.significant(load));
    if (json != null) {
      JsonFile.write(
          json, new Result(provenance.finished(Clock.systemUTC().instant()), repeats, load, rows));
    }
    if (chart != null) {
      BenchChart.write(chart, rows);
    }
    return Commands.OK;
  }

  private void measure(
      List<BenchWorker.Client> workers,
      Map<BenchWorker.Request, double[]> measured,
      PrintStream out)
      throws IOException {
    for (BenchModel model : models) {
      List<Setting> settings = new ArrayList<>();
      for (BenchWorker.Client worker : workers) {
        settings.add(setting(worker, model, "train", TRAIN_BATCH));
        for (int batch : INFER_BATCHES) {
          settings.add(setting(worker, model, "infer", batch));
        }
      }
      for (int repeat = -1; repeat < repeats; repeat++) {
        out.printf(
            "%s: %s%n",
            model, repeat < 0 ? "warming up" : "repeat " + (repeat + 1) + "/" + repeats);
        for (Setting s : settings) {
          double rate = s.worker.measure(s.request, repeat < 0);
          if (repeat >= 0) {
            measured.computeIfAbsent(s.request, k -> new double[repeats])[repeat] = rate;
          }
        }
      }
    }
  }

  private static Setting setting(
      BenchWorker.Client worker, BenchModel model, String mode, int batch) {
    return new Setting(
        worker, new BenchWorker.Request(worker.engine(), worker.threads(), model, mode, batch));
  }

  private static List<Row> rows(Map<BenchWorker.Request, double[]> measured) {
    List<Row> rows = new ArrayList<>();
    measured.forEach(
        (request, rates) -> {
          double[] sorted = rates.clone();
          Arrays.sort(sorted);
          double median = sorted[sorted.length / 2];
          double best =
              measured.entrySet().stream()
                  .filter(e -> e.getKey().isLibraryOf(request))
                  .mapToDouble(e -> median(e.getValue()))
                  .max()
                  .orElse(Double.NaN);
          rows.add(
              new Row(
                  request.model().toString(),
                  request.engine(),
                  request.mode(),
                  request.batch(),
                  request.threads(),
                  median,
                  sorted[0],
                  sorted[sorted.length - 1],
                  median * request.model().operations(request.mode()) * 1e-9,
                  median / best));
        });
    rows.sort(
        Comparator.comparing(Row::model)
            .thenComparing(Row::mode)
            .thenComparing(Comparator.comparingDouble(Row::imagesPerSecond).reversed()));
    return rows;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void print(PrintStream out, List<Row> rows) {
    TextTable table =
        new TextTable()
            .left("model")
            .left("mode")
            .left("engine")
            .right("batch")
            .right("threads")
            .right("images/s")
            .right("min")
            .right("max")
            .right("GFLOP/s")
            .right("over DL4J");
    for (Row r : rows) {
      table.row(
          r.model(),
          r.mode(),
          r.engine(),
          String.valueOf(r.batch()),
          String.valueOf(r.threads()),
          Numbers.count(Math.round(r.imagesPerSecond())),
          Numbers.count(Math.round(r.min())),
          Numbers.count(Math.round(r.max())),
          Numbers.significant(r.gflops()),
          Double.isNaN(r.ratio()) ? "-" : Numbers.significant(r.ratio()));
    }
    out.println(table);
  }
}
