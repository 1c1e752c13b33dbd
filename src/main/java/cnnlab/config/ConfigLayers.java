package cnnlab.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The given values by dotted key, where later layers override earlier ones, and the record that
 * results from them and the defaults.
 */
final class ConfigLayers {
  private record Setting(Object value, String where) {}

  private final RecordType type;
  private final Map<String, Setting> settings = new LinkedHashMap<>();

  ConfigLayers(RecordType type) {
    this.type = type;
  }

  RecordType type() {
    return type;
  }

  /**
   * Adds one layer: the top of a file, whose key is empty, or the one value of a {@code --set}.
   *
   * @throws ConfigException if a key is unknown or given twice in this layer, or a value has the
   *     wrong type
   */
  void add(ConfigValue layer) {
    Map<String, Setting> flat = new LinkedHashMap<>();
    flatten(layer, flat);
    settings.putAll(flat);
  }

  private void flatten(ConfigValue value, Map<String, Setting> flat) {
    ConfigType found = value.key().isEmpty() ? type : type.find(value.key());
    if (found == null) {
      throw value.unknown(value.key(), type.leaves().keySet());
    }
    if (found instanceof RecordType section) {
      if (value.inFile() && value.isNull()) {
        return; // "optimizer:" with every line below it commented out
      }
      if (value.isScalar()) {
        throw value.wrong(section.describe());
      }
      value.entries().values().forEach(entry -> flatten(entry, flat));
      return;
    }
    Setting setting = new Setting(found.read(value), value.where());
    if (flat.put(value.key(), setting) != null) {
      throw value.fail("key \"" + value.key() + "\" appears twice; remove one");
    }
  }

  /** The sources of all given keys. */
  Map<String, String> origins() {
    Map<String, String> origins = new LinkedHashMap<>();
    settings.forEach((key, setting) -> origins.put(key, setting.where));
    return origins;
  }

  /**
   * The record of all layers.
   *
   * @throws ConfigException if a record refuses its values
   */
  Record build(Record defaults) {
    return build(type, "", defaults);
  }

  private Record build(RecordType section, String prefix, Record defaults) {
    if (defaults == null) {
      throw new IllegalArgumentException("the default of section \"" + prefix + "\" is null");
    }
    List<Object> arguments = new ArrayList<>();
    section
        .components()
        .forEach(
            (name, component) -> {
              Object value = section.get(defaults, name);
              String key = prefix + name;
              if (component instanceof RecordType nested) {
                value = build(nested, key + ".", (Record) value);
              } else if (settings.containsKey(key)) {
                Setting setting = settings.get(key);
                // Null is a valid value only if the default is null.
                if (setting.value == null && value != null) {
                  throw new ConfigException(
                      "%s: \"%s\" is empty (null); expected %s. Leave the key out for its default%s"
                          .formatted(
                              setting.where,
                              key,
                              component.describe(),
                              value instanceof List ? ", or write [] for none" : ""));
                }
                value = setting.value;
              }
              arguments.add(value);
            });
    try {
      return section.construct(arguments);
    } catch (IllegalArgumentException e) {
      throw refused(prefix, e);
    }
  }

  /**
   * Names the given keys that the record's message mentions or, if it mentions none, all given keys
   * of the record.
   */
  private ConfigException refused(String prefix, IllegalArgumentException e) {
    String message = String.valueOf(e.getMessage());
    List<String> given = settings.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    List<String> named =
        given.stream()
            .filter(key -> mentions(message, key.substring(key.lastIndexOf('.') + 1)))
            .toList();
    String sources =
        (named.isEmpty() ? given : named)
            .stream()
                .map(key -> settings.get(key).where + " (" + key + ")")
                .collect(Collectors.joining("; "));
    return new ConfigException((sources.isEmpty() ? "defaults" : sources) + ": " + message, e);
  }

  private static boolean mentions(String message, String name) {
    return Pattern.compile("\\b" + Pattern.quote(name) + "\\b").matcher(message).find();
  }
}
