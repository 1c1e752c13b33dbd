package cnnlab.config;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A YAML value that knows its place, so that every error can name it.
 *
 * @param node the YAML
 * @param source the file as named by the user, or {@code --set key=value}
 * @param inFile whether {@code source} is a file, so that errors give line numbers
 * @param key the dotted key, empty for the top
 */
record ConfigValue(Node node, String source, boolean inFile, String key) {
  /** The types of a scalar other than text. */
  private static final Map<Tag, ConstructNode> SCALARS =
      new CoreSchema().getSchemaTagConstructors();

  private static final Set<Tag> NUMBERS = Set.of(Tag.INT, Tag.FLOAT);

  /** Longer scalars are texts: no number needs more digits, and reading them takes long. */
  private static final int MOST_DIGITS = 1000;

  private static final int MOST_SHOWN = 200;

  /** A section's entries in the order of the file. */
  Map<String, ConfigValue> entries() {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong("a section (key: value)");
    }
    Map<String, ConfigValue> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
        throw at(tuple.getKeyNode(), key).wrong("a plain name before the colon");
      }
      String full = key.isEmpty() ? name.getValue() : key + "." + name.getValue();
      ConfigValue entry = at(tuple.getValueNode(), full);
      if (entries.put(name.getValue(), entry) != null) {
        throw at(name, full).fail("key \"" + full + "\" appears twice; remove one");
      }
    }
    return entries;
  }

  /** A list's elements, keyed {@code key[0]}, {@code key[1]} and so on. */
  List<ConfigValue> elements() {
    if (!(node instanceof SequenceNode sequence)) {
      throw wrong("a list ([a, b] or one \"- \" line each)");
    }
    List<ConfigValue> elements = new ArrayList<>();
    for (Node element : sequence.getValue()) {
      elements.add(at(element, key + "[" + elements.size() + "]"));
    }
    return elements;
  }

  boolean isScalar() {
    return node instanceof ScalarNode;
  }

  boolean isNull() {
    return isScalar() && plain() == null;
  }

  /**
   * The value in plain Java: null, Boolean, Integer, Long, Double, String, List or Map,
   * unmodifiable.
   *
   * @throws ConfigException for a number that is not finite or an integer beyond 64 bits
   */
  Object plain() {
    if (node instanceof MappingNode) {
      Map<String, Object> map = new LinkedHashMap<>();
      entries().forEach((name, entry) -> map.put(name, entry.plain()));
      return Collections.unmodifiableMap(map);
    }
    if (node instanceof SequenceNode) {
      List<Object> list = new ArrayList<>();
      elements().forEach(element -> list.add(element.plain()));
      return Collections.unmodifiableList(list);
    }
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return null;
    }
    if (tag.equals(Tag.BOOL)) {
      return SCALARS.get(tag).construct(node);
    }
    return NUMBERS.contains(tag) && text().length() <= MOST_DIGITS ? number(tag) : text();
  }

  private Number number(Tag tag) {
    Number number;
    try {
      number = (Number) SCALARS.get(tag).construct(node);
    } catch (NumberFormatException e) { // !!int ten; and the library cannot read +.inf
      throw fail(named() + "is " + text() + "; expected a finite number");
    }
    if (number instanceof BigInteger) {
      throw fail(named() + "is " + text() + "; expected an integer of at most 64 bits");
    }
    if (!Double.isFinite(number.doubleValue())) {
      throw fail(named() + "is " + text() + "; expected a finite number");
    }
    return number;
  }

  /** The characters of a scalar. */
  String text() {
    return ((ScalarNode) node).getValue();
  }

  ConfigException wrong(String expected) {
    return fail(named() + "is " + found() + "; expected " + expected);
  }

  ConfigException unknown(String name, Collection<String> known) {
    String hint =
        NearestKey.of(name, known)
            .map(near -> "did you mean \"" + near + "\"?")
            .orElseGet(() -> "known keys: " + String.join(", ", known));
    return fail("unknown key \"" + shortened(name) + "\" (" + found() + "); " + hint);
  }

  ConfigException fail(String message) {
    return new ConfigException(where() + ": " + message);
  }

  /** The source, with the line when it is a file. */
  String where() {
    return inFile
        ? source + node.getStartMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("")
        : source;
  }

  private String named() {
    return key.isEmpty() ? "the top level " : "\"" + key + "\" ";
  }

  private String found() {
    if (node instanceof MappingNode) {
      return "a section";
    }
    if (node instanceof SequenceNode) {
      return "a list";
    }
    Object value = plain();
    if (value == null) {
      return "empty (null)";
    }
    String kind =
        value instanceof Boolean
            ? "the boolean "
            : value instanceof String
                ? "the text "
                : value instanceof Double ? "the decimal " : "the integer ";
    return kind + (value instanceof String s ? "\"" + shortened(s) + "\"" : text());
  }

  /** A text, cut to a length that fits an error message. */
  static String shortened(String text) {
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
  }

  private ConfigValue at(Node other, String otherKey) {
    ConfigValue value = new ConfigValue(other, source, inFile, otherKey);
    if (other.isRecursive()) { // an alias inside its own anchor
      throw value.fail("\"" + otherKey + "\" contains itself; remove the alias (*)");
    }
    return value;
  }
}
