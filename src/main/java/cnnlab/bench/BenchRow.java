package cnnlab.bench;

import cnnlab.bench.worker.EngineNames;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.descriptive.Quantile;

/**
 * One line of the result.
 *
 * @param model the network
 * @param engine the engine
 * @param mode {@code train} (a step of Adam on a batch) or {@code infer}
 * @param batch images per call
 * @param threads threads of the engine
 * @param imagesPerSecond median over the repeats
 * @param min images per second of the slowest repeat
 * @param max images per second of the fastest repeat
 * @param fastest seconds of the fastest of all calls, which suffers least from other programs
 * @param latency seconds of a call, the median of all calls
 * @param latency99 seconds that 99 of 100 calls do not exceed; NaN with fewer than 100 calls
 * @param calls number of calls measured
 * @param gflops 1e9 multiplications and additions per second in convolutions and dense layers, at
 *     the median
 * @param ratio imagesPerSecond divided by that of the best row of a library (DL4J, ONNX Runtime,
 *     PyTorch) of the same model, mode and batch; NaN if there is none
 */
public record BenchRow(
    String model,
    String engine,
    String mode,
    int batch,
    int threads,
    double imagesPerSecond,
    double min,
    double max,
    double fastest,
    double latency,
    double latency99,
    int calls,
    double gflops,
    double ratio) {
  private static final int FEW_CALLS = 100;
  private static final double NINETY_NINE = 0.99;

  /**
   * All rows, model by model, those of the same mode and batch together, the fastest first.
   *
   * @param measured what was measured of each setting, in one entry for each repeat
   */
  static List<BenchRow> of(Map<Setting, Samples> measured) {
    List<String> models =
        measured.keySet().stream().map(setting -> setting.model().name()).distinct().toList();
    return measured.entrySet().stream()
        .map(e -> of(e.getKey(), e.getValue(), bestLibrary(e.getKey(), measured)))
        .sorted(
            Comparator.comparingInt((BenchRow row) -> models.indexOf(row.model()))
                .thenComparing(BenchRow::mode)
                .thenComparing(BenchRow::batch)
                .thenComparing(Comparator.comparingDouble(BenchRow::imagesPerSecond).reversed()))
        .toList();
  }

  private static double bestLibrary(Setting setting, Map<Setting, Samples> measured) {
    return measured.entrySet().stream()
        .filter(e -> !EngineNames.isScratch(e.getKey().engine()))
        .filter(e -> e.getKey().isComparable(setting))
        .mapToDouble(e -> median(e.getValue().rates()))
        .max()
        .orElse(Double.NaN);
  }

  private static BenchRow of(Setting setting, Samples samples, double bestLibrary) {
    double[] rates = samples.rates();
    double rate = median(rates);
    long[] nanos = samples.nanos();
    double[] calls = Arrays.stream(nanos).mapToDouble(n -> n * 1e-9).toArray();
    return new BenchRow(
        setting.model().name(),
        setting.engine(),
        setting.mode(),
        setting.batch(),
        setting.threads(),
        rate,
        DoubleStream.of(rates).min().orElseThrow(),
        DoubleStream.of(rates).max().orElseThrow(),
        DoubleStream.of(calls).min().orElseThrow(),
        median(calls),
        calls.length < FEW_CALLS
            ? Double.NaN
            : Quantile.withDefaults().evaluate(calls, NINETY_NINE),
        calls.length,
        rate * setting.model().operations(setting.training()) * 1e-9,
        rate / bestLibrary);
  }

  private static double median(double[] values) {
    return Median.withDefaults().withCopy(true).evaluate(values);
  }
}
