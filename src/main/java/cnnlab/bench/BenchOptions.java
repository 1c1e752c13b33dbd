package cnnlab.bench;

import cnnlab.bench.model.BenchModel;
import cnnlab.bench.worker.EngineNames;
import cnnlab.config.UsageException;
import java.nio.file.Path;
import java.util.List;

/**
 * What to measure.
 *
 * @param models names of networks, model files and run directories
 * @param engines names of engines; see {@link EngineNames}
 * @param threads the numbers of threads to measure, each at least 1
 * @param batches images per call of inference, each at least 1
 * @param modes what to measure: {@code train}, {@code infer}
 * @param repeats number of measurements of each setting, at least 1
 * @param seconds minimum duration of a measurement, positive
 * @param roofline whether to time the layers of the engine from scratch too
 * @param json the file for all rows, or null
 * @param chart the file for a chart, or null
 * @param out the directory for a report, or null
 * @param arguments the command line, for the provenance
 */
public record BenchOptions(
    List<String> models,
    List<String> engines,
    List<Integer> threads,
    List<Integer> batches,
    List<String> modes,
    int repeats,
    double seconds,
    boolean roofline,
    Path json,
    Path chart,
    Path out,
    List<String> arguments) {
  private static final List<String> MODES = List.of(Setting.TRAIN, Setting.INFER);

  /**
   * @throws UsageException when a value is out of its range, or an engine not available
   */
  public BenchOptions {
    models = models.stream().distinct().toList();
    engines = engines.stream().distinct().toList();
    threads = threads.stream().distinct().toList();
    batches = batches.stream().distinct().toList();
    EngineNames.check(engines);
    for (String mode : modes) {
      if (!MODES.contains(mode)) {
        throw new UsageException(
            "--modes: '%s' is not one of %s".formatted(mode, String.join(", ", MODES)));
      }
    }
    if (repeats < 1
        || !(seconds > 0)
        || threads.stream().anyMatch(t -> t < 1)
        || batches.stream().anyMatch(b -> b < 1)) {
      throw new UsageException(
          "--repeats, --threads and --batch must be at least 1, --seconds greater than 0");
    }
  }

  /** Whether training of a model is measured. */
  boolean trains(BenchModel model) {
    return modes.contains(Setting.TRAIN) && model.isTrainable();
  }

  int mostThreads() {
    return threads.stream().mapToInt(Integer::intValue).max().orElse(1);
  }

  int mostBatch() {
    return batches.stream().mapToInt(Integer::intValue).max().orElse(1);
  }
}
