package cnnlab.config;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A YAML value that remembers where it stands, so that every error can say so.
 *
 * <p>Scalars are read by the YAML 1.2 core rules rather than SnakeYAML's YAML 1.1, where {@code
 * 1e-3} is text, {@code off} is false and {@code 010} is eight.
 *
 * @param node the YAML
 * @param source the file as the user named it, or {@code --set key=value}
 * @param inFile whether {@code source} is a file, so that line numbers mean something
 * @param key the dotted key, empty for the top
 */
record ConfigValue(Node node, String source, boolean inFile, String key) {
  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|(0|[1-9][0-9]*)(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern NOT_FINITE = Pattern.compile("(?i)\\.?nan|[-+]?(\\.inf|infinity)");

  /** Longer than any number that somebody means; reading longer ones takes ever longer. */
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
    String text = text();
    if (((ScalarNode) node).getScalarStyle() != ScalarStyle.PLAIN) {
      return text;
    }
    switch (text) {
      case "", "~", "null", "Null", "NULL":
        return null;
      case "true", "True", "TRUE":
        return true;
      case "false", "False", "FALSE":
        return false;
      default:
        return numberOrText(text);
    }
  }

  private Object numberOrText(String text) {
    if (text.length() > MOST_DIGITS) {
      return text;
    }
    if (INTEGER.matcher(text).matches()) {
      BigInteger integer = new BigInteger(text);
      if (integer.bitLength() > 63) {
        throw fail(named() + "is " + text + "; expected an integer of at most 64 bits");
      }
      long value = integer.longValue();
      return value == (int) value ? (Object) (int) value : (Object) value;
    }
    boolean decimal = DECIMAL.matcher(text).matches();
    if (NOT_FINITE.matcher(text).matches()
        || decimal && Double.isInfinite(Double.parseDouble(text))) {
      throw fail(named() + "is " + text + "; expected a finite number");
    }
    return decimal ? (Object) Double.valueOf(text) : text;
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
    return inFile ? source + ", line " + (node.getStartMark().getLine() + 1) : source;
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

  /** The beginning of a text that somebody may have made as long as they liked. */
  static String shortened(String text) {
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
  }

  private ConfigValue at(Node other, String otherKey) {
    ConfigValue value = new ConfigValue(other, source, inFile, otherKey);
    if (other.isTwoStepsConstruction()) { // SnakeYAML's mark for an alias inside its own anchor
      throw value.fail("\"" + otherKey + "\" contains itself; remove the alias (*)");
    }
    return value;
  }
}
