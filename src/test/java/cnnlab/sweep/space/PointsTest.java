package cnnlab.sweep.space;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random points: 3,000 of them, whose counts may differ from the expectation by five standard
 * deviations.
 */
class PointsTest {
  private static final int COUNT = 3000;
  private static final List<Point> POINTS = random(1, COUNT);

  private static List<Point> random(long seed, int count) {
    Map<String, Object> axes = new LinkedHashMap<>();
    axes.put("log", Map.of("log", List.of(1e-4, 1e-1)));
    axes.put("logIntegers", Map.of("logIntegers", List.of(1, 999)));
    axes.put("integers", Map.of("integers", List.of(3, 7)));
    axes.put("range", Map.of("range", List.of(-0.5, 0.5)));
    axes.put("list", List.of("a", "b", "c"));
    Map<String, Map<String, Object>> variants = new LinkedHashMap<>();
    variants.put("plain", Map.of());
    variants.put("other", Map.of("key", 1));
    Space space = Space.of(axes, variants);
    return Points.of(space, SearchMethod.RANDOM, count, seed);
  }

  /** The number of points with each value of a property. */
  private static <V> Map<V, Integer> counts(String key, Function<Object, V> kind) {
    return POINTS.stream()
        .map(p -> kind.apply(p.sets().get(key)))
        .collect(Collectors.toMap(v -> v, v -> 1, Integer::sum, TreeMap::new));
  }

  /**
   * Asserts that each kind has its share, within five standard deviations of the binomial
   * distribution.
   */
  private static void assertEven(Map<?, Integer> counts, int kinds) {
    double share = 1.0 / kinds;
    int most = (int) Math.ceil(5 * Math.sqrt(COUNT * share * (1 - share)));
    assertThat(counts).hasSize(kinds);
    assertThat(counts.values())
        .allSatisfy(n -> assertThat(n).isBetween(COUNT / kinds - most, COUNT / kinds + most));
  }

  private static int decade(Object number) {
    return (int) Math.floor(Math.log10(((Number) number).doubleValue()) + 1e-12);
  }

  @Test
  void pointsDependOnTheSeedOnly() {
    assertThat(random(1, COUNT)).isEqualTo(POINTS);
    assertThat(random(1, 10)).isEqualTo(POINTS.subList(0, 10));
    assertThat(random(2, 10)).doesNotContainAnyElementsOf(POINTS);
    assertThat(POINTS).doesNotHaveDuplicates();
    assertThat(POINTS).extracting(Point::number).startsWith(1, 2, 3).endsWith(COUNT);
  }

  @Test
  void logarithmicRangesCoverTheirDecadesEvenly() {
    assertThat(POINTS)
        .allSatisfy(p -> assertThat((Double) p.sets().get("log")).isBetween(1e-4, 1e-1));
    Map<Integer, Integer> decades = counts("log", x -> Math.min(-2, decade(x)));
    assertThat(decades).containsOnlyKeys(-4, -3, -2);
    assertEven(decades, 3);
    Map<Integer, Integer> ofIntegers = counts("logIntegers", PointsTest::decade);
    assertThat(ofIntegers).containsOnlyKeys(0, 1, 2);
    assertEven(ofIntegers, 3);
  }

  @Test
  void integersCoverTheirRangeIncludingBothEnds() {
    Map<Integer, Integer> integers = counts("integers", Integer.class::cast);
    assertThat(integers).containsOnlyKeys(3, 4, 5, 6, 7);
    assertEven(integers, 5);
    assertThat(counts("logIntegers", Integer.class::cast).keySet())
        .contains(1, 2, 3)
        .allSatisfy(n -> assertThat(n).isBetween(1, 999));
  }

  @Test
  void rangesAreCoveredEvenly() {
    assertThat(POINTS)
        .allSatisfy(p -> assertThat((Double) p.sets().get("range")).isBetween(-0.5, 0.5));
    assertEven(counts("range", x -> Math.min(9, (int) Math.floor(((Double) x + 0.5) * 10))), 10);
  }

  @Test
  void choicesAndVariantsAreEquallyLikely() {
    assertEven(counts("list", String.class::cast), 3);
    assertEven(counts("key", x -> x != null), 2);
    assertThat(POINTS.get(0).levels()).hasSize(6);
  }
}
