package cnnlab.sweep.space;

import cnnlab.config.NearestKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One dimension of a space. */
public sealed interface Axis permits Choices, NumberAxis {
  /** The key that it sets, or {@code variant}. */
  String name();

  /** How many levels it has, or 0 when they are not countable: a range without steps. */
  int steps();

  /**
   * A level by its number.
   *
   * @param step 0 .. steps - 1
   */
  Level step(int step);

  /**
   * A level by its place, all levels being equally likely, and all numbers of a range (all orders
   * of magnitude of a logarithmic one).
   *
   * @param u in [0, 1)
   */
  Level at(double u);

  /** Whether its places are more and less of something; otherwise they are categories. */
  boolean ordered();

  /** A few places that a plot can mark, ascending. */
  List<Level> marks();

  /**
   * A value on an axis.
   *
   * @param text as a person reads it
   * @param place where it stands on the axis, in [0, 1]
   * @param sets the keys that it sets
   */
  record Level(String text, double place, Map<String, Object> sets) {}

  /**
   * Reads an axis: a list of values; or {@code {range: [low, high]}}, {@code {log: [low, high]}},
   * {@code {integers: [low, high]}} or {@code {logIntegers: [low, high]}}, each with {@code steps:
   * n} where it is to be countable. Both ends belong to it.
   *
   * @throws IllegalArgumentException when it is none of these; names key, what was found and what
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
