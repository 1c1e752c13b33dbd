package cnnlab.bench;

import cnnlab.bench.growth.Growth;
import cnnlab.bench.model.BenchModel;
import cnnlab.bench.roofline.MachinePeak;
import cnnlab.bench.roofline.Roofline;
import cnnlab.config.UsageException;
import cnnlab.console.FittedStream;
import cnnlab.console.Output;
import cnnlab.run.Run;
import cnnlab.run.RunOptions;
import cnnlab.run.Versions;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.store.JsonFile;
import cnnlab.store.Provenance;
import cnnlab.store.RunDirectory;
import cnnlab.text.Numbers;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
  /** Above this load average, something else is using the cores. */
  private static final double MAX_LOAD = 0.5;

  private final BenchOptions options;

  private Bench(BenchOptions options) {
    this.options = options;
  }

  /**
   * The content of the {@code --json} file.
   *
   * @param provenance where the figures come from
   * @param repeats measurements of each setting
   * @param seconds shortest duration of a measurement
   * @param loadAverageAtEnd of the system
   * @param peaks what the machine can do
   * @param rows the settings
   * @param refusals what engines cannot do
   * @param disagreements which engines compute something else
   * @param rooflines the layers
   */
  public record Result(
      Provenance provenance,
      int repeats,
      double seconds,
      double loadAverageAtEnd,
      List<MachinePeak> peaks,
      List<BenchRow> rows,
      List<String> refusals,
      List<String> disagreements,
      List<Roofline> rooflines) {}

  /**
   * Measures, prints tables, and writes the requested files.
   *
   * @return whether all engines compute the same
   * @throws UsageException when a model cannot be read, or the measurements do not fit into memory
   * @throws IOException when a worker process ends or a file cannot be written
   */
  public static boolean run(BenchOptions options, Output words) throws IOException {
    Result result = new Bench(options).measure(words.progress());
    BenchTables.print(words.results(), result);
    if (options.json() != null) {
      JsonFile.write(options.json(), result);
    }
    if (options.chart() != null) {
      BenchChart.write(options.chart(), result.rows);
    }
    if (options.out() != null) {
      try (RunDirectory directory = Run.at(options.out())) {
        BenchReport.write(directory, result, options);
        directory.finish();
      }
    }
    return result.disagreements.isEmpty();
  }

  /**
   * The content of the {@code --json} file with {@code --growth}.
   *
   * @param provenance where the figures come from
   * @param loadAverageAtEnd of the system
   * @param growth the measurements
   */
  public record GrowthResult(Provenance provenance, double loadAverageAtEnd, Growth growth) {}

  /**
   * Measures how time and memory of the engine from scratch grow, prints tables, and writes the
   * requested files.
   *
   * @throws IOException when a file cannot be written
   */
  public static void growth(BenchOptions options, Output words) throws IOException {
    Bench bench = new Bench(options);
    PrintStream out = words.progress();
    Provenance provenance = bench.provenance();
    sayLoad(out, provenance);
    Growth growth =
        Growth.measure(options.mostThreads(), options.seconds(), Integer.MAX_VALUE, out);
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    out.printf("Load average %s at the end%n", Numbers.significant(load));
    words.results().println(growth.table());
    words.results().println(growth.exponents());
    FittedStream.prose(words.results(), Growth.EXPLANATION);
    GrowthResult result =
        new GrowthResult(provenance.finished(Clock.systemUTC().instant()), load, growth);
    if (options.json() != null) {
      JsonFile.write(options.json(), result);
    }
    if (options.chart() != null) {
      growth.timePlot().write(options.chart());
    }
    if (options.out() != null) {
      try (RunDirectory directory = Run.at(options.out())) {
        BenchReport.write(directory, result, options);
        directory.finish();
      }
    }
  }

  private Result measure(PrintStream out) throws IOException {
    List<BenchModel> models = new ArrayList<>();
    for (String name : options.models()) {
      models.add(BenchModel.open(name));
    }
    Provenance provenance = provenance();
    sayLoad(out, provenance);
    List<MachinePeak> peaks = new ArrayList<>();
    if (options.roofline()) {
      for (int threads : options.threads()) {
        out.printf("Measuring what the machine can do, %s%n", Numbers.counted(threads, "thread"));
        peaks.add(MachinePeak.measure(threads));
      }
    }
    List<Roofline> rooflines = new ArrayList<>();
    try (Measurements measurements = new Measurements(options, out)) {
      measurements.start(models);
      for (BenchModel model : models) {
        measurements.measure(model);
        if (options.roofline()) {
          rooflines.addAll(measurements.rooflines(model, peaks));
        }
      }
      double loadAtEnd = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
      out.printf("Load average %s at the end%n", Numbers.significant(loadAtEnd));
      return new Result(
          provenance.finished(Clock.systemUTC().instant()),
          options.repeats(),
          options.seconds(),
          loadAtEnd,
          peaks,
          BenchRow.of(measurements.measured()),
          measurements.refusals(),
          measurements.disagreements(),
          rooflines);
    }
  }

  private static void sayLoad(PrintStream out, Provenance provenance) {
    double load = provenance.machine().loadAverage();
    out.printf(
        "Load average %s on %s cores%n", Numbers.significant(load), provenance.machine().cores());
    if (load > MAX_LOAD) {
      out.printf(
          "WARNING: the load average is above %s, so something else is using the cores and the figures will be too low. Wait until the machine is idle.%n",
          MAX_LOAD);
    }
  }

  private Provenance provenance() {
    return Provenance.collect(
        new Provenance.Inputs(
            Versions.project(),
            Versions.dl4j(),
            options.arguments(),
            options.mostThreads(),
            Map.of("seed", BenchModel.SEED),
            Map.of(),
            Map.of(
                "scratch.kernels",
                Kernels.best().name(),
                "scratch.maxHeap",
                WorkerHeap.SMALLEST + "m")),
        RunOptions.home(),
        Clock.systemUTC());
  }
}
