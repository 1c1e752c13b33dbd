package cnnlab.config;

import cnnlab.store.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Strict configuration for records: the defaults, then a YAML file, then each {@code --set
 * key=value}; later values override earlier ones.
 *
 * <p>A record's components are the keys; a component that is itself a record is a section, and its
 * keys are written with dots ({@code optimizer.learningRate}) or nested. Components may be {@code
 * int}, {@code long}, {@code float}, {@code double}, {@code boolean} or their boxed types, {@code
 * String}, an enum (written in lower case), a record, {@code Map<String, Object>}, or a {@code
 * List} of any of these. A list is replaced as a whole, never merged. Ranges are checked by the
 * records' compact constructors, after all layers, so that two keys that only fit together may come
 * from different layers.
 */
public final class ConfigLoader {
  private ConfigLoader() {}

  /**
   * One line of help.
   *
   * @param key the dotted key
   * @param type what it takes, such as {@code an integer} or {@code one of adam, sgd}
   * @param defaultValue its default as YAML
   * @param origin record and component, such as {@code Task2Config.Network.dense}
   */
  public record Key(String key, String type, String defaultValue, String origin) {}

  /**
   * Resolves a configuration.
   *
   * @param defaults the first layer; its nested records may not be null
   * @param fileOrNull a YAML file in UTF-8, or null for none; an empty one changes nothing
   * @param sets {@code key=value} each; the value is YAML, except that a text or an enum is taken
   *     literally
   * @throws ConfigException if the file is missing, not YAML or has a key twice, or a key is
   *     unknown, a value has the wrong type or a record refuses it with an
   *     IllegalArgumentException; the message names the source, the key, the value found and what
   *     was expected
   * @throws IllegalArgumentException if a component has an unsupported type, or a nested default is
   *     null
   */
  public static <T extends Record> Resolved<T> load(
      Class<T> type, T defaults, Path fileOrNull, List<String> sets) {
    ConfigLayers layers = new ConfigLayers(RecordType.of(type));
    if (fileOrNull != null) {
      addText(layers, text(fileOrNull), fileOrNull.toString());
    }
    for (String set : sets) {
      layers.add(parseSet(layers.type(), set));
    }
    return new Resolved<>(type.cast(layers.build(defaults)), layers.origins());
  }

  /**
   * The defaults with the values that a text sets.
   *
   * @param yaml the text
   * @param source the name of the text in errors
   * @throws ConfigException as {@link #load}
   */
  public static <T extends Record> T parse(Class<T> type, T defaults, String yaml, String source) {
    ConfigLayers layers = new ConfigLayers(RecordType.of(type));
    addText(layers, yaml, source);
    return type.cast(layers.build(defaults));
  }

  /**
   * A configuration with some keys set.
   *
   * @param values by dotted key, of the types that YAML has
   * @param source the name of the values in errors
   * @throws ConfigException as {@link #load}
   */
  public static <T extends Record> T with(T config, Map<String, ?> values, String source) {
    @SuppressWarnings("unchecked") // the class of a T
    Class<T> type = (Class<T>) config.getClass();
    ConfigLayers layers = new ConfigLayers(RecordType.of(type));
    values.forEach(
        (key, value) -> {
          Node node =
              value instanceof String text
                  ? YamlReader.textNode(text)
                  : YamlReader.parse(json(value, source), source);
          layers.add(new ConfigValue(node, source, false, key));
        });
    return type.cast(layers.build(config));
  }

  /**
   * A value of a configuration, as {@code --set} takes it.
   *
   * @param key the dotted key of a value, not of a section
   */
  public static String valueOf(Record config, String key) {
    return show(toMap(config), key);
  }

  /** JSON is YAML. */
  private static String json(Object value, String source) {
    try {
      return Json.lineWriter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new ConfigException(source + ": " + value + " cannot be written as JSON", e);
    }
  }

  private static void addText(ConfigLayers layers, String yaml, String source) {
    Node top = YamlReader.parse(yaml, source);
    if (top != null) {
      layers.add(new ConfigValue(top, source, true, ""));
    }
  }

  /**
   * The configuration as nested maps, lists and scalars, in the order of the record; enums as
   * lower-case names.
   */
  public static Map<String, Object> toMap(Record value) {
    return RecordType.of(value.getClass()).plain(value);
  }

  /**
   * The configuration as YAML; {@link #load} of it gives an equal record. Values inside a {@code
   * Map<String, Object>} keep equality if they are of the types YAML has: Boolean, Integer, Long
   * beyond int, Double, String, List, Map, null.
   */
  public static String toYaml(Record value) {
    try {
      return Json.yamlWriter().writeValueAsString(toMap(value));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("cannot write " + value.getClass().getName(), e);
    }
  }

  /** As {@link #toYaml}, but only the keys whose values differ from another configuration. */
  public static <T extends Record> String differences(T value, T other) {
    try {
      return Json.yamlWriter().writeValueAsString(differences(toMap(value), toMap(other)));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("cannot write " + value.getClass().getName(), e);
    }
  }

  private static Map<String, Object> differences(Map<?, ?> value, Map<?, ?> other) {
    Map<String, Object> left = new LinkedHashMap<>();
    value.forEach(
        (key, mine) -> {
          Object theirs = other.get(key);
          if (!Objects.equals(mine, theirs)) {
            boolean sections = mine instanceof Map && theirs instanceof Map;
            left.put(
                String.valueOf(key),
                sections ? differences((Map<?, ?>) mine, (Map<?, ?>) theirs) : mine);
          }
        });
    return left;
  }

  /** All dotted keys in the order of the record, with types and defaults, for {@code --help}. */
  public static <T extends Record> List<Key> keys(Class<T> type, T defaults) {
    Map<String, Object> values = toMap(defaults);
    RecordType all = RecordType.of(type);
    return all.leaves().entrySet().stream()
        .map(
            leaf ->
                new Key(
                    leaf.getKey(),
                    leaf.getValue().describe(),
                    show(values, leaf.getKey()),
                    all.origin(leaf.getKey())))
        .toList();
  }

  /**
   * The top-level keys of a YAML file, known or not, without the part after a dot.
   *
   * @return empty if the top level is not a section
   * @throws ConfigException if it cannot be read or is not YAML
   */
  public static List<String> topKeys(Path file) {
    return YamlReader.parse(text(file), file.toString()) instanceof MappingNode top
        ? top.getValue().stream()
            .map(entry -> entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "")
            .map(key -> key.replaceFirst("\\..*", ""))
            .toList()
        : List.of();
  }

  private static String show(Map<?, ?> values, String key) {
    int dot = key.indexOf('.');
    return dot < 0
        ? flow(values.get(key))
        : show((Map<?, ?>) values.get(key.substring(0, dot)), key.substring(dot + 1));
  }

  /** A value as YAML on one line, as {@code --set} takes it. */
  private static String flow(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + ": " + flow(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return value instanceof List<?> list
        ? list.stream().map(ConfigLoader::flow).collect(Collectors.joining(", ", "[", "]"))
        : String.valueOf(value);
  }

  private static ConfigValue parseSet(RecordType type, String set) {
    String source = "--set " + ConfigValue.shortened(set);
    int equals = set.indexOf('=');
    if (equals < 1) {
      throw new ConfigException(source + ": expected key=value, such as --set epochs=5");
    }
    String key = set.substring(0, equals).strip();
    String text = set.substring(equals + 1);
    ConfigType found = type.find(key);
    Node node =
        found != null && found.isText()
            ? YamlReader.textNode(text)
            : YamlReader.parse(text, source);
    return new ConfigValue(node == null ? YamlReader.textNode("") : node, source, false, key);
  }

  /**
   * The text of a configuration file.
   *
   * @throws ConfigException if the file is missing, cannot be read, is not UTF-8 or is too long
   */
  public static String text(Path file) {
    return YamlReader.text(file);
  }

  /**
   * A YAML file without a schema: its keys with values in plain Java (null, Boolean, Integer, Long,
   * Double, String, List or Map), unmodifiable; an empty file has none.
   *
   * @throws ConfigException if the file cannot be read, is not YAML or is not a section (key:
   *     value)
   */
  public static Map<String, Object> map(Path file) {
    Node top = YamlReader.parse(text(file), file.toString());
    Map<String, Object> map = new LinkedHashMap<>();
    if (top != null) {
      new ConfigValue(top, file.toString(), true, "")
          .entries()
          .forEach((key, value) -> map.put(key, value.plain()));
    }
    return Collections.unmodifiableMap(map);
  }
}
