package cnnlab.bench;

import cnnlab.config.UsageException;
import cnnlab.console.Output;
import cnnlab.engine.EngineKind;
import cnnlab.engine.MemoryNeed;
import cnnlab.run.RunOptions;
import cnnlab.run.Versions;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.store.JsonFile;
import cnnlab.store.Provenance;
import cnnlab.text.Numbers;
import cnnlab.text.TextTable;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.descriptive.Median;

/**
 * How fast is each engine? All engines are measured alternately in one run, each in its own process
 * (DL4J's thread count is fixed at its start), and compared by the median of several repeats.
 *
 * <ul>
 *   <li>Question: is the engine from scratch faster than DL4J on a CPU, and by how much?
 *   <li>Time: about 8 minutes on two cores. Nothing else should run in the meantime; the load
 *       average is printed.
 *   <li>Command: {@code ./cnnlab bench --json bench.json}
 * </ul>
 */
public final class Bench {
  static final int TRAIN_BATCH = 128;
  private static final int MOST_BATCH = 1000;
  private static final int[] INFER_BATCHES = {128, MOST_BATCH};
  private static final int WARM_UP = 6;

  /** Above this load average, something else is using the cores. */
  private static final double MAX_LOAD = 0.5;

  private final Options options;
  private final List<BenchModel> models;
  private final List<String> engines;
  private final List<Integer> threads;
  private final int repeats;
  private final double seconds;

  private Bench(Options options) {
    this.options = options;
    this.models = options.models;
    this.engines = options.engines;
    this.threads = options.threads;
    this.repeats = options.repeats;
    this.seconds = options.seconds;
  }

  /**
   * What to measure.
   *
   * @param models the networks
   * @param engines the engines: scratch, reference, dl4j, dl4j-onednn
   * @param threads the numbers of threads to measure, each at least 1
   * @param repeats number of measurements of each setting, at least 1
   * @param seconds minimum duration of a measurement, positive
   * @param json the file for all rows, or null
   * @param chart the file for a chart, or null
   * @param arguments the command line, for the provenance
   */
  public record Options(
      List<BenchModel> models,
      List<String> engines,
      List<Integer> threads,
      int repeats,
      double seconds,
      Path json,
      Path chart,
      List<String> arguments) {
    /**
     * @throws UsageException when a value is out of its range
     */
    public Options {
      BenchWorker.checkEngines(engines);
      if (repeats < 1 || seconds <= 0 || threads.stream().anyMatch(t -> t < 1)) {
        throw new UsageException(
            "--repeats and --threads must be at least 1, --seconds greater than 0");
      }
    }
  }

  /**
   * One line of the result.
   *
   * @param model task1 or task3
   * @param engine the engine
   * @param mode {@code train} (a step of Adam on a batch) or {@code infer}
   * @param batch images per call
   * @param threads threads of the engine
   * @param imagesPerSecond median over the repeats
   * @param min images per second of the slowest repeat
   * @param max images per second of the fastest repeat
   * @param gflops 1e9 multiplications and additions per second in convolutions and dense layers, at
   *     the median
   * @param ratio imagesPerSecond divided by that of the best DL4J row of the same model and mode;
   *     NaN if there is none
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

  /** The content of the {@code --json} file. */
  public record Result(
      Provenance provenance, int repeats, double loadAverageAtEnd, List<Row> rows) {}

  private record Setting(BenchClient worker, BenchClient.Request request) {}

  /**
   * Measures, prints a table, and writes the requested files.
   *
   * @throws UsageException when the measurements do not fit into memory
   * @throws IOException when a worker process ends or a file cannot be written
   */
  public static void run(Options options, Output words) throws IOException {
    new Bench(options).run(words);
  }

  private void run(Output words) throws IOException {
    requireMemory();
    PrintStream out = words.progress();
    Provenance provenance = provenance();
    double load = provenance.machine().loadAverage();
    out.printf(
        "Load average %s on %s cores%n", Numbers.significant(load), provenance.machine().cores());
    if (load > MAX_LOAD) {
      out.printf(
          "WARNING: the load average is above %s, so something else is using the cores and the figures will be too low. Wait until the machine is idle.%n",
          MAX_LOAD);
    }
    List<Row> rows = rows(measure(out));
    print(words.results(), rows);
    double loadAtEnd = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    out.printf("Load average %s at the end%n", Numbers.significant(loadAtEnd));
    if (options.json != null) {
      JsonFile.write(
          options.json,
          new Result(provenance.finished(Clock.systemUTC().instant()), repeats, loadAtEnd, rows));
    }
    if (options.chart != null) {
      BenchChart.write(options.chart, rows);
    }
  }

  /** In the engine from scratch each thread has its own activations, in a heap of fixed size. */
  private void requireMemory() {
    for (BenchModel model : models) {
      for (int count : threads) {
        for (String engine : engines) {
          boolean scratch = !engine.startsWith("dl4j");
          EngineKind kind = scratch ? EngineKind.SCRATCH : EngineKind.DL4J;
          MemoryNeed need =
              MemoryNeed.training(model.size(), kind, TRAIN_BATCH, false, 1)
                  .plus(MemoryNeed.inference(model.size(), kind, MOST_BATCH, count));
          String fault = scratch ? need.fault(BenchClient.SCRATCH_HEAP_BYTES) : need.fault();
          if (fault != null) {
            throw new UsageException(
                "bench: %s of %s with --threads %s %s; use fewer threads"
                    .formatted(engine, model, count, fault));
          }
        }
      }
    }
  }

  private Provenance provenance() {
    return Provenance.collect(
        new Provenance.Inputs(
            Versions.project(),
            Versions.dl4j(),
            options.arguments,
            threads.stream().mapToInt(Integer::intValue).max().orElse(1),
            Map.of("seed", BenchModel.SEED),
            Map.of(),
            Map.of(
                "scratch.kernels",
                Kernels.best().name(),
                "scratch.maxHeap",
                BenchClient.SCRATCH_HEAP)),
        RunOptions.home(),
        Clock.systemUTC());
  }

  private Map<BenchClient.Request, double[]> measure(PrintStream out) throws IOException {
    Map<BenchClient.Request, double[]> measured = new LinkedHashMap<>();
    List<BenchClient> workers = new ArrayList<>();
    try {
      for (String engine : engines) {
        for (int count : threads) {
          workers.add(BenchClient.start(engine, count));
        }
      }
      measure(workers, measured, out);
    } finally {
      workers.forEach(BenchClient::close);
    }
    return measured;
  }

  private void measure(
      List<BenchClient> workers, Map<BenchClient.Request, double[]> measured, PrintStream out)
      throws IOException {
    for (BenchModel model : models) {
      List<Setting> settings = new ArrayList<>();
      for (BenchClient worker : workers) {
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
          double rate = s.worker.measure(s.request, repeat < 0 ? WARM_UP * seconds : seconds);
          if (repeat >= 0) {
            measured.computeIfAbsent(s.request, k -> new double[repeats])[repeat] = rate;
          }
        }
      }
    }
  }

  private static Setting setting(BenchClient worker, BenchModel model, String mode, int batch) {
    return new Setting(
        worker, new BenchClient.Request(worker.engine(), worker.threads(), model, mode, batch));
  }

  private static List<Row> rows(Map<BenchClient.Request, double[]> measured) {
    List<Row> rows = new ArrayList<>();
    measured.forEach(
        (request, rates) -> {
          double median = median(rates);
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
                  DoubleStream.of(rates).min().orElseThrow(),
                  DoubleStream.of(rates).max().orElseThrow(),
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
    return Median.withDefaults().withCopy(true).evaluate(values);
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
