package cnnlab.sweep.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Axes level by level, and spaces of them. */
class SpaceTest {
  private static final double ALMOST_ONE = Math.nextDown(1.0);

  private static Axis axis(String kind, Object low, Object high, Object... steps) {
    Map<String, Object> spec = new LinkedHashMap<>(Map.of(kind, List.of(low, high)));
    if (steps.length > 0) {
      spec.put("steps", steps[0]);
    }
    return Axis.of("key", spec);
  }

  private static List<String> texts(Axis axis) {
    return IntStream.range(0, axis.steps()).mapToObj(i -> axis.step(i).text()).toList();
  }

  private static double[] places(List<Axis.Level> levels) {
    return levels.stream().mapToDouble(Axis.Level::place).toArray();
  }

  private static Object value(Axis.Level level) {
    return level.sets().get("key");
  }

  @Test
  void stepsOfARangeAreEven() {
    Axis axis = axis("range", -1, 3, 5);
    assertThat(axis.name()).isEqualTo("key");
    assertThat(texts(axis)).containsExactly("-1", "0", "1", "2", "3");
    assertThat(value(axis.step(4))).isEqualTo(3.0);
    assertThat(places(axis.marks())).containsExactly(0, 0.25, 0.5, 0.75, 1);
    assertThat(axis("range", 0, 1, 4).step(1).text()).as("four digits").isEqualTo("0.3333");
  }

  @Test
  void stepsOfALogarithmicRangeAreFactors() {
    Axis axis = axis("log", 1e-5, 1e-1, 5);
    assertThat(texts(axis)).containsExactly("1e-5", "1e-4", "0.001", "0.01", "0.1");
    assertThat(places(axis.marks()))
        .containsExactly(new double[] {0, 0.25, 0.5, 0.75, 1}, within(1e-12));
    assertThat(value(axis("log", 2, 200, 3).step(1))).isEqualTo(20.0);
  }

  @Test
  void integerAxesHaveAllIntegersOrTheGivenSteps() {
    Axis all = axis("integers", 3, 6);
    assertThat(texts(all)).containsExactly("3", "4", "5", "6");
    assertThat(value(all.step(1))).isEqualTo(4);
    assertThat(all.step(1).place()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(texts(axis("integers", 1, 10, 4))).containsExactly("1", "4", "7", "10");
    assertThat(texts(axis("integers", 1, 4, 4))).containsExactly("1", "2", "3", "4");
    assertThat(texts(axis("logIntegers", 1, 8, 4))).containsExactly("1", "2", "4", "8");
    assertThat(axis("integers", Integer.MIN_VALUE, Integer.MAX_VALUE).steps())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void stepsHaveEqualSharesOfPositions() {
    for (Axis axis :
        List.of(
            axis("range", 0, 3, 4), axis("integers", 0, 3), Axis.of("key", List.of(0, 1, 2, 3)))) {
      for (int step = 0; step < 4; step++) {
        assertThat(axis.at(step / 4.0)).isEqualTo(axis.step(step));
        assertThat(axis.at(Math.nextDown((step + 1) / 4.0))).isEqualTo(axis.step(step));
      }
    }
  }

  @Test
  void axesWithoutStepsAreContinuous() {
    Axis range = axis("range", 1, 2);
    assertThat(range.steps()).isZero();
    assertThat(value(range.at(0))).isEqualTo(1.0);
    assertThat(value(range.at(0.25))).isEqualTo(1.25);
    assertThat(value(range.at(ALMOST_ONE))).isEqualTo(2.0);
    Axis log = axis("log", 1e-4, 1.0);
    assertThat(value(log.at(0.5))).isEqualTo(0.01);
    assertThat(log.at(0.5).place()).isCloseTo(0.5, within(1e-12));
  }

  /** A number n has the share log((n + 1) / n) of log(high + 1). */
  @Test
  void integersHaveTheirShareOfALogarithmicRange() {
    Axis axis = axis("logIntegers", 1, 7);
    assertThat(axis.steps()).isZero();
    for (int n = 1; n <= 7; n++) {
      double from = Math.log(n) / Math.log(8);
      double to = Math.log(n + 1) / Math.log(8);
      assertThat(value(axis.at(from + 1e-9))).isEqualTo(n);
      assertThat(value(axis.at(to - 1e-9))).isEqualTo(n);
    }
  }

  @Test
  void roundedNumbersStayInTheRange() {
    Axis axis = axis("range", 0.123456, 0.123457);
    for (double u : new double[] {0, 0.5, ALMOST_ONE}) {
      assertThat((Double) value(axis.at(u))).isBetween(0.123456, 0.123457);
      assertThat(axis.at(u).place()).isBetween(0.0, 1.0);
    }
  }

  @Test
  void atMostSixLevelsAreMarked() {
    assertThat(axis("range", 0, 1).marks())
        .extracting(Axis.Level::text)
        .containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
    assertThat(axis("log", 3e-4, 0.01).marks())
        .as("round numbers")
        .extracting(Axis.Level::text)
        .containsExactly("5e-4", "0.001", "0.002", "0.005", "0.01");
    assertThat(axis("integers", 1, 3).marks())
        .extracting(Axis.Level::text)
        .containsExactly("1", "2", "3");
    assertThat(axis("range", 0, 1, 2).marks()).hasSize(2);
    assertThat(axis("range", 0, 1, 11).marks())
        .as("some of the steps")
        .extracting(Axis.Level::text)
        .containsExactly("0", "0.2", "0.4", "0.6", "0.8", "1");
    assertThat(axis("logIntegers", 1, 3).marks()).as("each once").doesNotHaveDuplicates();
  }

  @Test
  void onlyAscendingNumbersAreOrdered() {
    assertThat(axis("range", 0, 1).ordered()).isTrue();
    assertThat(Axis.of("key", List.of(32, 64, 128.5)).ordered()).isTrue();
    assertThat(Axis.of("key", List.of(64, 32)).ordered()).isFalse();
    assertThat(Axis.of("key", List.of("relu", "gelu")).ordered()).isFalse();
    assertThat(Axis.of("key", Arrays.asList(1, null)).ordered()).isFalse();
  }

  @Test
  void listsKeepTheirValues() {
    List<Object> values =
        Arrays.asList("relu", 3, null, 0.5, List.of(8, List.of(16)), Map.of("kind", List.of("a")));
    Axis axis = Axis.of("key", values);
    assertThat(texts(axis)).containsExactly("relu", "3", "null", "0.5", "[8, [16]]", "{kind: [a]}");
    assertThat(IntStream.range(0, 6).mapToObj(i -> value(axis.step(i))).toList()).isEqualTo(values);
    assertThat(places(axis.marks()))
        .containsExactly(new double[] {0, 0.2, 0.4, 0.6, 0.8, 1}, within(1e-12));
    assertThat(Axis.of("key", List.of(7)).step(0).place()).isEqualTo(0.5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "range | 1 | 1",
        "range | 2 | 1",
        "range | a | 1",
        "range | 1 | a",
        "log | 0 | 1",
        "log | -1 | 1",
        "integers | 1 | 1.5",
        "integers | 1.5 | 3",
        "logIntegers | 0 | 3",
        "integers | 3 | 3",
      })
  void invalidRangesAreRefused(String kind, String low, String high) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> axis(kind, number(low), number(high)))
        .withMessageStartingWith(
            "space: key: %s is [%s, %s]; expected [low, high], two ", kind, low, high)
        .withMessageContaining(
            kind.toLowerCase(Locale.ROOT).contains("integers") ? "integers" : "numbers")
        .withMessageEndingWith(kind.startsWith("log") ? "with 0 < low < high" : "with low < high");
  }

  private static Object number(String text) {
    return text.matches("-?\\d+")
        ? (Object) Integer.valueOf(text)
        : text.matches("[-.\\d]+") ? (Object) Double.valueOf(text) : text;
  }

  @Test
  void rangesHaveTwoEnds() {
    for (Object ends : List.of(3, List.of(1), List.of(1, 2, 3))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Axis.of("key", Map.of("range", ends)))
          .withMessageContaining("range is " + ends);
    }
  }

  @Test
  void invalidStepsAreRefused() {
    for (Object bad : List.of(1, 0, -3, 2.0, "3", 5)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> axis("integers", 1, 4, bad))
          .withMessage(
              "space: key: steps is %s; expected an integer of at least 2 and at most 4", bad);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> axis("range", 0, 1, 1))
        .withMessage("space: key: steps is 1; expected an integer of at least 2");
    // 1, 2, 4 and 8 are distinct; ten steps from 1 to 10 begin with 1, 1 and 2.
    assertThatIllegalArgumentException()
        .isThrownBy(() -> axis("logIntegers", 1, 10, 10))
        .withMessageStartingWith("space: key: steps is 10, which gives the same number twice")
        .withMessageContaining("expected at most 8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> axis("range", 1.0, 1.001, 100))
        .withMessageContaining("expected at most 2");
  }

  @Test
  void invalidAxesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Axis.of("key", 3))
        .withMessageStartingWith("space: key is 3; expected a list of values");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Axis.of("key", Map.of("steps", 3)))
        .withMessageStartingWith("space: key has no range; expected");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Axis.of("key", Map.of("rang", List.of(1, 2))))
        .withMessage("space: unknown key \"rang\" in key; did you mean \"range\"?");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Axis.of("key", Map.of("colour", 1)))
        .withMessageEndingWith("known keys: range, log, integers, logIntegers, steps");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Axis.of("key", List.of()))
        .withMessage("space: key is an empty list; expected at least one value");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Axis.of("key", List.of(1, 2, 1)))
        .withMessage("space: key is [1, 2, 1]; expected distinct values");
  }

  private static Space space() {
    Map<String, Object> axes = new LinkedHashMap<>();
    axes.put("a", List.of(1, 2, 3));
    axes.put("b", Map.of("integers", List.of(0, 1)));
    Map<String, Map<String, Object>> variants = new LinkedHashMap<>();
    variants.put("plain", Map.of());
    variants.put("both", Map.of("c", 1, "d", 2));
    return Space.of(axes, variants);
  }

  @Test
  void variantsAreTheLastAxis() {
    Space space = space();
    assertThat(space.axes()).extracting(Axis::name).containsExactly("a", "b", "variant");
    assertThat(places(space.axes().get(2).marks())).containsExactly(0, 1);
    assertThat(space.sizes()).isEqualTo("3 x 2 x 2");
    assertThat(space.size()).isEqualTo(BigInteger.valueOf(12));
    assertThat(space.continuousAxis()).isEmpty();
  }

  @Test
  void gridsAreCompleteAndTheLastAxisVariesFastest() {
    List<Point> points = Points.of(space(), SearchMethod.GRID, 0, 1);
    assertThat(points)
        .extracting(Point::number)
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    assertThat(points)
        .extracting(Point::text)
        .startsWith("1  0  plain", "1  0  both", "1  1  plain");
    assertThat(points.get(11).sets()).isEqualTo(Map.of("a", 3, "b", 1, "c", 1, "d", 2));
    assertThat(points.get(10).sets().keySet()).containsExactly("a", "b");
  }

  @Test
  void allPointsOfASmallSpaceAreFound() {
    for (SearchMethod method : new SearchMethod[] {SearchMethod.RANDOM, SearchMethod.SOBOL}) {
      List<Point> points = Points.of(space(), method, 12, 5);
      assertThat(points).extracting(Point::sets).doesNotHaveDuplicates().hasSize(12);
      assertThat(points).extracting(Point::number).startsWith(1, 2).endsWith(12);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Points.of(space(), method, 13, 5))
          .withMessageStartingWith("points is 13, but the space has only 12 different points");
    }
  }

  /**
   * Of 2^k points, each interval of length 2^-k contains one, on every axis and for every shift.
   */
  @Test
  void sobolPointsCoverEveryAxisEvenly() {
    Map<String, Object> axes = new LinkedHashMap<>();
    for (String name : List.of("a", "b", "c")) {
      axes.put(name, Map.of("integers", List.of(0, 63)));
    }
    Space space = Space.of(axes, Map.of());
    for (long seed = 0; seed < 20; seed++) {
      List<Point> points = Points.of(space, SearchMethod.SOBOL, 64, seed);
      for (String name : axes.keySet()) {
        assertThat(points.stream().map(p -> p.sets().get(name)).distinct()).hasSize(64);
      }
    }
  }

  @Test
  void axesWithoutStepsAreNamed() {
    Space space = Space.of(Map.of("a", Map.of("range", List.of(0, 1))), Collections.emptyMap());
    assertThat(space.continuousAxis()).get().extracting(Axis::name).isEqualTo("a");
  }

  @Test
  void emptySpacesAndDuplicateKeysAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Space.of(Map.of(), Map.of()))
        .withMessageStartingWith("space is empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Space.of(Map.of("a", List.of(1)), Map.of("v", Map.of("b", 1, "a", 2))))
        .withMessage("variants: v sets a, which is also in space; expected in only one of the two");
  }
}
