package cnnlab.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A configuration after all layers, and the sources of its values.
 *
 * @param value the configuration
 * @param origins for each dotted key that a file or {@code --set} gave, the winning source, such as
 *     {@code experiments/task1.yaml, line 3} or {@code --set epochs=5}; keys that kept their
 *     default are absent
 */
public record Resolved<T extends Record>(T value, Map<String, String> origins) {
  public Resolved {
    origins = Collections.unmodifiableMap(new LinkedHashMap<>(origins));
  }

  /**
   * The resolved configuration as YAML, to keep with a run; loading it gives a record equal to
   * {@link #value}.
   *
   * @see ConfigLoader#toYaml
   */
  public String toYaml() {
    return ConfigLoader.toYaml(value);
  }
}
