package cnnlab.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One of the settings that an experiment compares.
 *
 * @param name unique in the experiment
 * @param config the configuration with the variant's keys set
 */
record Task2Variant(String name, Task2Config config) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The variants of a configuration, or the configuration itself as the only one.
   *
   * @throws ConfigException when a variant has no name, one that is taken, or sets a wrong key
   */
  static List<Task2Variant> of(Task2Config config) {
    if (config.variants().isEmpty()) {
      return List.of(new Task2Variant(config.experiment(), config));
    }
    List<Task2Variant> variants = new ArrayList<>();
    for (Map<String, Object> entry : config.variants()) {
      if (!(entry.get("name") instanceof String name)
          || !(entry.getOrDefault("set", Map.of()) instanceof Map<?, ?> sets)
          || variants.stream().anyMatch(v -> v.name.equals(name))) {
        throw new ConfigException(
            "variants: %s found; each needs a name of its own and may have set: {key: value}"
                .formatted(entry));
      }
      List<String> keys = new ArrayList<>();
      sets.forEach((key, value) -> keys.add(key + "=" + json(value)));
      variants.add(
          new Task2Variant(name, ConfigLoader.load(Task2Config.class, config, null, keys).value()));
    }
    return variants;
  }

  /** JSON is YAML. */
  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new ConfigException("variants: " + value + " cannot be written as JSON", e);
    }
  }
}
