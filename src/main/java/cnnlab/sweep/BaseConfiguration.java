package cnnlab.sweep;

import cnnlab.config.ConfigException;
import cnnlab.config.ConfigLoader;
import cnnlab.experiment.TrialTask;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The starting point of a sweep: the task's configuration, and the sweep settings that it contains.
 *
 * @param config the task's configuration; keys that belong to the sweep are neutral
 * @param variants the keys that each variant sets, by variant name
 * @param claims claims about the variants
 * @param seed the seed from which every random stream is derived
 * @param repetitions number of repetitions of each point
 */
record BaseConfiguration<C extends Record>(
    C config,
    Map<String, Map<String, Object>> variants,
    List<Map<String, Object>> claims,
    long seed,
    int repetitions) {
  private static final String VARIANTS = "variants";
  private static final String CLAIMS = "claims";

  /**
   * Reads the task's file and applies the keys that the sweep sets.
   *
   * @param folder the folder of the sweep's file; the path of the task's file is relative to it
   * @param source name of the sweep in error messages
   * @throws ConfigException if a file or key is wrong
   */
  static <C extends Record> BaseConfiguration<C> of(
      TrialTask<C> task, SweepConfig sweep, Path folder, String source) {
    C begun =
        sweep.config().isEmpty()
            ? task.defaults()
            : ConfigLoader.load(
                    task.type(), task.defaults(), folder.resolve(sweep.config()), List.of())
                .value();
    C config = ConfigLoader.with(begun, sweep.set(), source + ", set");
    Map<String, Object> all = ConfigLoader.toMap(config);
    List<Map<String, Object>> variants = either(sweep.variants(), all, VARIANTS, source);
    List<Map<String, Object>> claims = either(sweep.claims(), all, CLAIMS, source);
    long seed = sweep.seed() != null ? sweep.seed() : ((Number) all.get("seed")).longValue();
    int repetitions =
        sweep.repetitions() != null ? sweep.repetitions() : (Integer) all.get("repetitions");
    C rest =
        ConfigLoader.with(
            config,
            Map.of(
                VARIANTS,
                List.of(),
                CLAIMS,
                List.of(),
                "seed",
                seed,
                "repetitions",
                repetitions,
                "threads",
                1),
            source);
    return new BaseConfiguration<>(rest, byName(variants, source), claims, seed, repetitions);
  }

  private static List<Map<String, Object>> either(
      List<Map<String, Object>> ofSweep, Map<String, Object> task, String key, String source) {
    @SuppressWarnings("unchecked") // of a configuration record
    List<Map<String, Object>> ofTask = (List<Map<String, Object>>) task.get(key);
    if (!ofSweep.isEmpty() && !ofTask.isEmpty()) {
      throw new ConfigException(
          "%s: %s are set here and in the task's configuration; expected in only one of the two"
              .formatted(source, key));
    }
    return ofSweep.isEmpty() ? ofTask : ofSweep;
  }

  private static Map<String, Map<String, Object>> byName(
      List<Map<String, Object>> entries, String source) {
    Map<String, Map<String, Object>> variants = new LinkedHashMap<>();
    for (Map<String, Object> entry : entries) {
      if (!(entry.get("name") instanceof String name)
          || !(entry.getOrDefault("set", Map.of()) instanceof Map<?, ?> sets)
          || variants.containsKey(name)) {
        throw new ConfigException(
            "%s: variants: %s found; each needs a unique name and may have set: {key: value}"
                .formatted(source, entry));
      }
      Map<String, Object> keys = new LinkedHashMap<>();
      sets.forEach((key, value) -> keys.put(String.valueOf(key), value));
      variants.put(name, keys);
    }
    return variants;
  }

  /** The variants in the form used in configurations. */
  List<Map<String, Object>> variantEntries() {
    return variants.entrySet().stream()
        .map(v -> Map.of("name", (Object) v.getKey(), "set", v.getValue()))
        .toList();
  }
}
