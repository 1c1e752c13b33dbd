package cnnlab.sweep.space;

import cnnlab.config.NearestKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One dimension of a space. */
public sealed interface Axis permits Choices, NumberAxis {
  /** The key that the axis sets, or {@code variant}. */
  String name();

  /** The number of levels, or 0 for a continuous range without steps. */
  int steps();

  /**
   * A level by its number.
   *
   * @param step 0 .. steps - 1
   */
  Level step(int step);

  /**
   * The level at a position: a uniformly random position makes all levels equally likely, and all
   * numbers of a range (or all orders of magnitude of a logarithmic range).
   *
   * @param u in [0, 1)
   */
  Level at(double u);

  /** Whether the levels are ordered; otherwise they are categories. */
  boolean ordered();

  /** A few levels for the tick marks of a plot, ascending. */
  List<Level> marks();

  /**
   * A value on an axis.
   *
   * @param text the value as text
   * @param place the position on the axis, in [0, 1]
   * @param sets the keys that it sets, with their values
   */
  record Level(String text, double place, Map<String, Object> sets) {}

  /**
   * Reads an axis: a list of values; or {@code {range: [low, high]}}, {@code {log: [low, high]}},
   * {@code {integers: [low, high]}} or {@code {logIntegers: [low, high]}}, each with an optional
   * {@code steps: n}. Both ends belong to the axis.
   *
   * @throws IllegalArgumentException if it is none of these; names the key, what was found and what
   *     is expected
   */
  static Axis of(String key, Object spec) {
    if (spec instanceof List<?> values) {
      return Choices.of(key, values);
    }
    if (!(spec instanceof Map<?, ?> map)) {
      throw wrong(key, "is " + spec);
    }
    List<String> known =
        Stream.concat(NumberAxis.KINDS.stream(), Stream.of(NumberAxis.STEPS)).toList();
    List<String> kinds = new ArrayList<>();
    for (Object found : map.keySet()) {
      String name = String.valueOf(found);
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "space: unknown key \"%s\" in %s; %s"
                .formatted(
                    name,
                    key,
                    NearestKey.of(name, known)
                        .map(near -> "did you mean \"" + near + "\"?")
                        .orElse("known keys: " + String.join(", ", known))));
      }
      if (NumberAxis.KINDS.contains(name)) {
        kinds.add(name);
      }
    }
    if (kinds.size() != 1) {
      throw wrong(key, "has " + (kinds.isEmpty() ? "no range" : String.join(" and ", kinds)));
    }
    return NumberAxis.of(key, kinds.get(0), map.get(kinds.get(0)), map.get(NumberAxis.STEPS));
  }

  private static IllegalArgumentException wrong(String key, String found) {
    return new IllegalArgumentException(
        "space: %s %s; expected a list of values, or one of {range: [low, high]}, {log: [low, high]}, {integers: [low, high]}, {logIntegers: [low, high]}"
            .formatted(key, found));
  }
}
