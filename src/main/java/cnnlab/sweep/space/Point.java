package cnnlab.sweep.space;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A point of a space.
 *
 * @param number 1, 2, ...
 * @param levels one level of each axis
 */
public record Point(int number, List<Axis.Level> levels) {
  /** The keys that the point sets, with their values, in the order of the axes. */
  public Map<String, Object> sets() {
    Map<String, Object> sets = new LinkedHashMap<>();
    levels.forEach(level -> sets.putAll(level.sets()));
    return sets;
  }

  /** The levels as text. */
  public String text() {
    return levels.stream().map(Axis.Level::text).collect(Collectors.joining("  "));
  }
}
