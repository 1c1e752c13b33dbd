package cnnlab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlotsTest {

  private static final int BLUE = 0x0072B2;
  private static final int ORANGE = 0xD55E00;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 200})
  void trainingHasBothCurvesInBothPanels(int epochs) {
    BufferedImage image = Plots.training(history(epochs, 0.3));
    assertThat(image.getWidth()).isEqualTo(1200);
    assertThat(image.getHeight()).isEqualTo(480);
    assertThat(image.getRGB(0, 0) & 0xFFFFFF).isEqualTo(0xFFFFFF);
    for (int left : new int[] {0, 600}) {
      assertThat(count(image, left, left + 600, BLUE)).isGreaterThan(20);
      assertThat(count(image, left, left + 600, ORANGE)).isGreaterThan(20);
    }
  }

  @Test
  void curvesThatWereNotMeasuredAreLeftOut() {
    BufferedImage image = Plots.training(history(5, Double.NaN));
    assertThat(count(image, 0, 600, BLUE)).isGreaterThan(20);
    assertThat(count(image, 0, 600, ORANGE)).isZero();
  }

  @Test
  void divergedTrainingCanBePlotted() {
    List<EpochPoint> history =
        List.of(
            new EpochPoint(1, 2.3, 0.1, Double.POSITIVE_INFINITY, 0.1),
            new EpochPoint(2, Double.NaN, Double.NaN, Double.NaN, Double.NaN));
    assertThat(Plots.training(history).getWidth()).isEqualTo(1200);
    EpochPoint nothing = new EpochPoint(1, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    assertThat(Plots.training(List.of(nothing)).getWidth()).isEqualTo(1200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void linesLeaveGapsWhereThereIsNoValue(boolean logY) {
    double[] x = {1, 2, 3, 4};
    List<Plots.Series> series =
        List.of(
            new Plots.Series("a", x, new double[] {1e-6, 0, 1e-3, 1}),
            new Plots.Series("b", x, new double[] {Double.NaN, 1, 2, Double.NaN}));
    BufferedImage image = Plots.lines("Error", "layer", "max |a-b|", series, logY);
    assertThat(image.getWidth()).isEqualTo(900);
    assertThat(image.getHeight()).isEqualTo(520);
    assertThat(count(image, 0, 900, BLUE)).isGreaterThan(20);
    assertThat(count(image, 0, 900, ORANGE)).isGreaterThan(20);
  }

  @Test
  void logarithmicAxisWithoutPositiveValuesIsEmpty() {
    Plots.Series zeros = new Plots.Series("a", new double[] {1, 2}, new double[] {0, 0});
    assertThat(count(Plots.lines("t", "x", "y", List.of(zeros), true), 0, 900, BLUE)).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void errorBarsLeaveGapsWhereThereIsNoValue(boolean logX) {
    double[] x = {32, 64, 128};
    double[] none = {Double.NaN, Double.NaN, Double.NaN};
    double[] y = {0.7, Double.NaN, 0.9};
    List<Plots.ErrorSeries> series =
        List.of(
            new Plots.ErrorSeries(
                "a", x, y, new double[] {0.6, 0.7, 0.8}, new double[] {0.8, 1, 1}),
            new Plots.ErrorSeries(
                "b", new double[] {64}, new double[] {0.8}, new double[1], new double[] {1}),
            new Plots.ErrorSeries("c", x, none, none, none));
    BufferedImage image = Plots.errorBars("Accuracy", "N", "accuracy", series, logX);
    assertThat(image.getWidth()).isEqualTo(900);
    assertThat(image.getHeight()).isEqualTo(520);
    assertThat(count(image, 0, 900, BLUE)).isGreaterThan(100);
    assertThat(count(image, 0, 900, ORANGE)).isGreaterThan(100);
  }

  @Test
  void wrongErrorBarsAreRefused() {
    double[] one = {0};
    assertThatThrownBy(() -> new Plots.ErrorSeries("a", one, one, one, new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("series a");
    assertThatThrownBy(() -> Plots.errorBars("t", "x", "y", List.of(), false))
        .isInstanceOf(IllegalArgumentException.class);
    List<Plots.ErrorSeries> zero = List.of(new Plots.ErrorSeries("a", one, one, one, one));
    assertThat(Plots.errorBars("t", "x", "y", zero, false).getWidth()).isEqualTo(900);
    assertThatThrownBy(() -> Plots.errorBars("t", "x", "y", zero, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("above 0");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void barsLeaveGapsWhereThereIsNoValue(boolean logY) {
    Map<String, Double> gaps = new HashMap<>();
    gaps.put("infer", 0.0);
    gaps.put("train", null);
    gaps.put("both", 1000.0);
    BufferedImage both = Plots.bars("t", "y", series(Map.of("infer", 2.0), gaps), logY);
    assertThat(both.getWidth()).isEqualTo(900);
    assertThat(both.getHeight()).isEqualTo(520);
    long legend = 13 * 13;
    assertThat(count(both, 0, 900, BLUE)).isGreaterThan(legend + (logY ? 500 : 0));
    assertThat(count(both, 0, 900, ORANGE)).isGreaterThan(legend + 10_000);
    gaps.remove("both");
    BufferedImage one = Plots.bars("t", "y", series(Map.of("infer", 2.0), gaps), logY);
    assertThat(count(one, 0, 900, ORANGE)).isEqualTo(legend);
    assertThat(Plots.bars("t", "y", series(Map.of(), gaps), logY).getWidth()).isEqualTo(900);
  }

  @Test
  void barsAreAsHighAsTheirLogarithms() {
    Map<String, Double> values = new TreeMap<>(Map.of("a", 10.0, "b", 100.0, "c", 1000.0));
    BufferedImage image = Plots.bars("t", "y", series(values, Map.of()), true);
    long a = count(image, 96, 356, BLUE);
    long b = count(image, 356, 616, BLUE);
    long c = count(image, 616, 900, BLUE);
    // The legend's blue square is under one of them.
    assertThat(c - b).isCloseTo(b - a, org.assertj.core.api.Assertions.within(700L)).isPositive();
  }

  private static Map<String, Map<String, Double>> series(
      Map<String, Double> first, Map<String, Double> second) {
    Map<String, Map<String, Double>> series = new LinkedHashMap<>();
    series.put("first", first);
    series.put("second", second);
    return series;
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> Plots.training(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Plots.Series("a", new double[1], new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("series a");
  }

  private static List<EpochPoint> history(int epochs, double validation) {
    return IntStream.rangeClosed(1, epochs)
        .mapToObj(
            e -> new EpochPoint(e, 1.0 / e, 1 - 0.5 / e, validation + 1.0 / e, validation + 0.01))
        .toList();
  }

  private static long count(BufferedImage image, int from, int to, int colour) {
    return IntStream.range(0, image.getHeight())
        .mapToLong(
            y ->
                IntStream.range(from, to)
                    .filter(x -> (image.getRGB(x, y) & 0xFFFFFF) == colour)
                    .count())
        .sum();
  }

  @Test
  void ticksAreWrittenInFull() {
    assertThat(Plots.tick(0.08)).isEqualTo("0.08");
    assertThat(Plots.tick(0.1)).isEqualTo("0.1");
    assertThat(Plots.tick(0.1 + 0.2)).isEqualTo("0.3");
    assertThat(Plots.tick(0)).isEqualTo("0");
    assertThat(Plots.tick(-20)).isEqualTo("-20");
    assertThat(Plots.tick(2.5e-7)).isEqualTo("2.5E-7");
  }
}
