package cnnlab.sweep.space;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An axis of listed values or of named variants.
 *
 * @param levels at least one, in the given order
 */
record Choices(String name, List<Level> levels) implements Axis {
  /** The name of the axis of variants. */
  static final String VARIANT = "variant";

  /**
   * @throws IllegalArgumentException if the list is empty or contains a value twice
   */
  static Choices of(String key, List<?> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(
          "space: %s is an empty list; expected at least one value".formatted(key));
    }
    if (new HashSet<>(values).size() < values.size()) {
      throw new IllegalArgumentException(
          "space: %s is %s; expected distinct values".formatted(key, values));
    }
    List<Level> levels = new ArrayList<>();
    for (Object value : values) {
      Map<String, Object> sets = new LinkedHashMap<>(); // values may be null
      sets.put(key, value);
      levels.add(new Level(text(value), place(levels.size(), values.size()), sets));
    }
    return new Choices(key, List.copyOf(levels));
  }

  /** The axis of variants; each level has the variant's name and the keys that it sets. */
  static Choices ofVariants(Map<String, Map<String, Object>> variants) {
    List<Level> levels = new ArrayList<>();
    variants.forEach(
        (name, sets) -> levels.add(new Level(name, place(levels.size(), variants.size()), sets)));
    return new Choices(VARIANT, List.copyOf(levels));
  }

  /** A value as text; lists and sections in YAML's one-line form. */
  private static String text(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> e.getKey() + ": " + text(e.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Choices::text).collect(Collectors.joining(", ", "[", "]"));
    }
    return String.valueOf(value);
  }

  private static double place(int index, int count) {
    return count == 1 ? 0.5 : (double) index / (count - 1);
  }

  @Override
  public int steps() {
    return levels.size();
  }

  @Override
  public Level step(int step) {
    return levels.get(step);
  }

  @Override
  public Level at(double u) {
    return step((int) (u * levels.size()));
  }

  /** Whether all values are numbers in ascending order. */
  @Override
  public boolean ordered() {
    double before = Double.NEGATIVE_INFINITY;
    for (Level level : levels) {
      if (!(level.sets().get(name) instanceof Number number) || number.doubleValue() <= before) {
        return false;
      }
      before = number.doubleValue();
    }
    return true;
  }

  @Override
  public List<Level> marks() {
    return levels;
  }
}
