package cnnlab.sweep.space;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The space of configurations that a sweep may try.
 *
 * @param axes at least one
 */
public record Space(List<Axis> axes) {
  /**
   * @param space the specifications of the axes, by key
   * @param variants the keys that each variant sets, by variant name; they form the last axis, if
   *     there are any
   * @throws IllegalArgumentException if there is no axis, or a key is set by two axes
   */
  public static Space of(Map<String, Object> space, Map<String, Map<String, Object>> variants) {
    List<Axis> axes = new ArrayList<>();
    space.forEach((key, spec) -> axes.add(Axis.of(key, spec)));
    if (!variants.isEmpty()) {
      axes.add(Choices.ofVariants(variants));
    }
    if (axes.isEmpty()) {
      throw new IllegalArgumentException(
          "space is empty; expected at least one key with values to try, such as {optimizer.learningRate: {log: [1e-4, 1e-2]}}, or variants");
    }
    variants.forEach(
        (name, sets) -> {
          for (String key : sets.keySet()) {
            if (space.containsKey(key)) {
              throw new IllegalArgumentException(
                  "variants: %s sets %s, which is also in space; expected in only one of the two"
                      .formatted(name, key));
            }
          }
        });
    return new Space(List.copyOf(axes));
  }

  /** The first axis without steps, which a grid cannot cover. */
  public Optional<Axis> continuousAxis() {
    return axes.stream().filter(axis -> axis.steps() == 0).findFirst();
  }

  /** The number of points of the grid; no axis may be continuous. */
  public BigInteger size() {
    return axes.stream()
        .map(axis -> BigInteger.valueOf(axis.steps()))
        .reduce(BigInteger.ONE, BigInteger::multiply);
  }

  /** The numbers of levels: {@code 4 x 3 x 8}. */
  public String sizes() {
    return axes.stream()
        .map(axis -> String.valueOf(axis.steps()))
        .collect(Collectors.joining(" x "));
  }
}
