package cnnlab.augment;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One entry of a list of transforms, {@code - name: {parameter: value}}, parsed strictly. */
final class Parameters {
  private final String where;
  private final String name;
  private final Map<?, ?> given;
  private final Map<String, Object> resolved = new LinkedHashMap<>();

  private Parameters(String where, String name, Map<?, ?> given) {
    this.where = where;
    this.name = name;
    this.given = given;
  }

  /**
   * Parses an entry.
   *
   * @param where its name in messages, such as {@code "augmentation[2]"}
   * @param entry a map of one key, or just the name
   * @param known the known names
   * @throws IllegalArgumentException when the entry is neither, or the name is unknown
   */
  static Parameters of(String where, Object entry, Collection<String> known) {
    if (entry instanceof String name) {
      return of(where, Map.of(name, Map.of()), known);
    }
    if (!(entry instanceof Map<?, ?> map) || map.size() != 1) {
      throw new IllegalArgumentException(
          "%s: %s found, one transform expected, such as {rotate: {degrees: 10}}"
              .formatted(where, entry));
    }
    String name = String.valueOf(map.keySet().iterator().next());
    if (!known.contains(name)) {
      throw new IllegalArgumentException(unknown(where + ": unknown transform", name, known));
    }
    Object value = map.values().iterator().next();
    if (value == null) {
      return new Parameters(where, name, Map.of());
    }
    if (value instanceof Map<?, ?> parameters) {
      return new Parameters(where, name, parameters);
    }
    return new Parameters(where, name, Map.of("", value));
  }

  String name() {
    return name;
  }

  /** The value of an entry that has a single value instead of parameters; null if there is none. */
  Object given() {
    return given.get("");
  }

  /** The parameters read so far, including defaults, in the order of reading. */
  Map<String, Object> resolved() {
    return resolved;
  }

  /**
   * @throws IllegalArgumentException when other keys are given
   */
  void allow(List<String> keys) {
    for (Object key : given.keySet()) {
      if (key.equals("")) {
        throw new IllegalArgumentException(
            "%s: %s: %s found, parameters in braces expected: {%s}"
                .formatted(where, name, given.get(""), String.join(", ", keys)));
      }
      if (!keys.contains(key)) {
        throw new IllegalArgumentException(
            unknown("%s: %s: unknown parameter".formatted(where, name), key.toString(), keys));
      }
    }
  }

  boolean has(String key) {
    return given.containsKey(key);
  }

  /** A required number in [min, max]. */
  double number(String key, double min, double max, String unit) {
    if (!has(key)) {
      throw new IllegalArgumentException(
          "%s: %s: needs %s, a number from %s to %s (%s)"
              .formatted(where, name, key, plain(min), plain(max), unit));
    }
    return number(key, Double.NaN, min, max, unit);
  }

  /** An optional number in [min, max]. */
  double number(String key, double fallback, double min, double max, String unit) {
    Object value = has(key) ? given.get(key) : fallback;
    double number = value instanceof Number n ? n.doubleValue() : Double.NaN;
    if (!(number >= min && number <= max)) {
      throw new IllegalArgumentException(
          "%s: %s.%s: %s found, a number from %s to %s expected (%s)"
              .formatted(where, name, key, value, plain(min), plain(max), unit));
    }
    resolved.put(key, number);
    return number;
  }

  /** A required whole number in [min, max]. */
  int whole(String key, int min, int max, String unit) {
    return whole(key, number(key, min, max, unit), min, max, unit);
  }

  /** An optional whole number in [min, max]. */
  int whole(String key, int fallback, int min, int max, String unit) {
    return whole(key, number(key, fallback, min, max, unit), min, max, unit);
  }

  private int whole(String key, double number, int min, int max, String unit) {
    if (number != Math.rint(number)) {
      throw new IllegalArgumentException(
          "%s: %s.%s: %s found, a whole number from %d to %d expected (%s)"
              .formatted(where, name, key, plain(number), min, max, unit));
    }
    return (int) number;
  }

  /** The probability in (0, 1]. 0 is rejected, because such a transform should be left out. */
  double probability() {
    double value = number("probability", 1, 0, 1, "the share of images it is applied to");
    if (value == 0) {
      throw new IllegalArgumentException(
          "%s: %s.probability: 0 found, more than 0 expected; leave the transform out instead"
              .formatted(where, name));
    }
    return value;
  }

  /** A constant given by its name in lower case; required if {@code fallback} is null. */
  <E extends Enum<E>> E choice(String key, E fallback, Class<E> type) {
    E chosen =
        has(key) || fallback == null
            ? choose(where + ": " + name + "." + key, key, type)
            : fallback;
    resolved.put(key, lower(chosen));
    return chosen;
  }

  private <E extends Enum<E>> E choose(String what, String key, Class<E> type) {
    return choose(what, has(key) ? given.get(key) : "nothing", type);
  }

  /** The constant whose name in lower case is {@code value}. */
  static <E extends Enum<E>> E choose(String what, Object value, Class<E> type) {
    return Stream.of(type.getEnumConstants())
        .filter(constant -> lower(constant).equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s: %s found, one of %s expected"
                        .formatted(
                            what,
                            value,
                            Stream.of(type.getEnumConstants())
                                .map(Parameters::lower)
                                .collect(Collectors.joining(", ")))));
  }

  /** Requires exactly one of two keys; returns whether it is the first. */
  boolean isFirst(String first, String second) {
    if (has(first) == has(second)) {
      throw new IllegalArgumentException(
          "%s: %s: %s found, either %s or %s expected"
              .formatted(where, name, has(first) ? "both" : "neither", first, second));
    }
    return has(first);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }

  private static String unknown(String what, String found, Collection<String> known) {
    String nearest =
        known.stream()
            .filter(candidate -> distance(found, candidate) <= Math.max(2, found.length() / 3))
            .min(Comparator.comparingInt(candidate -> distance(found, candidate)))
            .map(candidate -> "; did you mean '" + candidate + "'?")
            .orElse("");
    return "%s '%s'%s Known: %s"
        .formatted(what, found, nearest.isEmpty() ? "." : nearest, String.join(", ", known));
  }

  /** The Levenshtein distance, ignoring case. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        char x = Character.toLowerCase(a.charAt(i - 1));
        char y = Character.toLowerCase(b.charAt(j - 1));
        int substituted = diagonal + (x == y ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
