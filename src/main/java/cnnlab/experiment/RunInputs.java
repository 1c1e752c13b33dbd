package cnnlab.experiment;

import cnnlab.engine.Dl4jRuntime;
import cnnlab.run.RunOptions;
import cnnlab.run.Versions;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.store.Provenance;
import java.util.LinkedHashMap;
import java.util.Map;

/** The part of {@code provenance.json} that a task knows before it starts. */
public final class RunInputs {
  private RunInputs() {}

  /**
   * The inputs of a run of this program.
   *
   * @param threads number of computing threads
   * @param seeds of the random streams, by name
   * @param datasets SHA-256 of each data file, by its name
   * @param engine settings of the engines, by dotted key
   */
  public static Provenance.Inputs of(
      RunOptions options,
      int threads,
      Map<String, Long> seeds,
      Map<String, String> datasets,
      Map<String, Object> engine) {
    return new Provenance.Inputs(
        Versions.project(), Versions.dl4j(), options.arguments(), threads, seeds, datasets, engine);
  }

  /** The seed of a run and of each of its repetitions 1, 2, ..., {@code repetitions}. */
  public static Map<String, Long> seeds(TrainingConfig config, int repetitions) {
    Map<String, Long> seeds = new LinkedHashMap<>();
    seeds.put("seed", config.seed());
    for (int r = 1; r <= repetitions; r++) {
      seeds.put("repetition-" + r, config.seed(r));
    }
    return seeds;
  }

  /** The engine settings that every task records; a task may add more to the map. */
  public static Map<String, Object> engine(Dl4jRuntime.Status runtime) {
    Map<String, Object> engine = new LinkedHashMap<>();
    engine.put("dl4j.onednn", runtime.oneDnn());
    engine.put("dl4j.openmpThreads", runtime.threads());
    engine.put("scratch.kernels", Kernels.best().name());
    engine.put("scratch.lanes", Kernels.best().lanes());
    return engine;
  }
}
