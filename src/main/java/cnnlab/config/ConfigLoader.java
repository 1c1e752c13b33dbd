package cnnlab.config;

import cnnlab.store.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Strict configuration for records: the defaults, then a YAML file, then each {@code --set
 * key=value}, the later winning.
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
  /** The longest configuration of a real run has a few kilobytes. */
  private static final int MOST_BYTES = 1 << 18;

  private static final long MOST_VALUES = 100_000;

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
   * @param sets {@code key=value} each; the value is YAML, but for a text or an enum, where it is
   *     taken as it is
   * @throws ConfigException if the file is missing, not YAML or has a key twice, or a key is
   *     unknown, a value has the wrong type or a record refuses it with an
   *     IllegalArgumentException; the message names the source, the key, what was found and what
   *     was expected
   * @throws IllegalArgumentException if a component has a type that configurations cannot hold, or
   *     a nested default is null
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
   * The defaults with what a text sets.
   *
   * @param yaml the text
   * @param source what errors call it
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
   * @param values by dotted key, of the types that YAML gives
   * @param source what errors call them
   * @throws ConfigException as {@link #load}
   */
  public static <T extends Record> T with(T config, Map<String, ?> values, String source) {
    @SuppressWarnings("unchecked") // the class of a T
    Class<T> type = (Class<T>) config.getClass();
    ConfigLayers layers = new ConfigLayers(RecordType.of(type));
    values.forEach(
        (key, value) -> {
          Node node =
              value instanceof String text ? scalar(text) : parse(json(value, source), source);
          layers.add(new ConfigValue(node, source, false, key));
        });
    return type.cast(layers.build(config));
  }

  /**
   * A value of a configuration, as {@code --set} takes it.
   *
   * @param key one that is no section and in none
   */
  public static String valueOf(Record config, String key) {
    try {
      return Json.yamlReader().readTree(toYaml(config)).path(key).asText();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a configuration that is no YAML", e);
    }
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
    Node top = parse(yaml, source);
    if (top != null) {
      layers.add(new ConfigValue(top, source, true, ""));
    }
  }

  /**
   * The configuration as nested maps, lists and scalars, in the order of the record; enums by
   * lower-case name.
   */
  public static Map<String, Object> toMap(Record value) {
    return RecordType.of(value.getClass()).plain(value);
  }

  /**
   * The configuration as YAML; {@link #load} of it gives an equal record. Values inside a {@code
   * Map<String, Object>} keep equality if they are of the types YAML gives: Boolean, Integer, Long
   * beyond int, Double, String, List, Map, null.
   */
  public static String toYaml(Record value) {
    try {
      return Json.yamlWriter().writeValueAsString(toMap(value));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("cannot write " + value.getClass().getName(), e);
    }
  }

  /** As {@link #toYaml}, without the keys that have the values of another configuration. */
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
   * The keys at the top of a YAML file, without what stands behind a dot, known or not.
   *
   * @return none when it has another form than keys with values
   * @throws ConfigException when it cannot be read, or is not YAML
   */
  public static List<String> topKeys(Path file) {
    return parse(text(file), file.toString()) instanceof MappingNode top
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

  /** A value as YAML in one line, as {@code --set} takes it. */
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
    Node node = found != null && found.isText() ? scalar(text) : parse(text, source);
    return new ConfigValue(node == null ? scalar("") : node, source, false, key);
  }

  private static Node scalar(String value) {
    return new ScalarNode(Tag.STR, value, null, null, ScalarStyle.DOUBLE_QUOTED);
  }

  /** The YAML tree, or null if there is nothing but blanks and comments. */
  private static Node parse(String yaml, String source) {
    if (yaml.length() > MOST_BYTES) {
      throw tooLong(source);
    }
    try {
      Node top = new Yaml(new LoaderOptions()).compose(new StringReader(yaml));
      if (top != null && values(top, new IdentityHashMap<>()) > MOST_VALUES) {
        throw new ConfigException(
            "%s: its aliases (*) unfold to more than %,d values; write out what you need"
                .formatted(source, MOST_VALUES));
      }
      return top;
    } catch (MarkedYAMLException e) {
      String line =
          e.getProblemMark() == null ? "" : ", line " + (e.getProblemMark().getLine() + 1);
      throw new ConfigException(source + line + ": not valid YAML: " + e.getProblem(), e);
    } catch (YAMLException e) {
      throw new ConfigException(source + ": not valid YAML: " + e.getMessage(), e);
    }
  }

  private static ConfigException tooLong(String source) {
    return new ConfigException(
        "%s: longer than the %,d bytes that are read of a configuration; is it the right file?"
            .formatted(source, MOST_BYTES));
  }

  /** Values below a node, those of an alias counted each time. */
  private static long values(Node node, Map<Node, Long> known) {
    Long before = known.get(node);
    if (before != null) {
      return before;
    }
    // An alias inside its own anchor: who reads it says so.
    known.put(node, 1L);
    long count = 1;
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        count += values(tuple.getKeyNode(), known) + values(tuple.getValueNode(), known);
      }
    } else if (node instanceof SequenceNode sequence) {
      for (Node element : sequence.getValue()) {
        count += values(element, known);
      }
    }
    count = Math.min(count, MOST_VALUES + 1);
    known.put(node, count);
    return count;
  }

  /**
   * The text of a configuration file, no longer than such a file is.
   *
   * @throws ConfigException when it is missing, cannot be read, is not UTF-8 or too long
   */
  public static String text(Path file) {
    // Not Files.readString: what is no file, such as a device, may have no end.
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw tooLong(file.toString());
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": no such configuration file", e);
    } catch (CharacterCodingException e) {
      throw new ConfigException(file + ": not text in UTF-8", e);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read: " + e, e);
    }
  }
}
