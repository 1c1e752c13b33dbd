package cnnlab.plot;

import static cnnlab.plot.Pixels.BLUE;
import static cnnlab.plot.Pixels.ORANGE;
import static cnnlab.plot.Pixels.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.plot.LinePlot.Axis;
import cnnlab.plot.LinePlot.Panel;
import cnnlab.plot.LinePlot.Series;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinePlotTest {
  private static final int PALE_BLUE = 0x99C7E0;
  private static final double[] NONE = {};

  private static Panel panel(boolean logX, boolean logY, Series... series) {
    return new Panel("t", new Axis("x", logX), new Axis("y", logY), List.of(series));
  }

  private static double[] epochs(int count) {
    return IntStream.rangeClosed(1, count).asDoubleStream().toArray();
  }

  private static Series inverse(String name, int count, double offset) {
    double[] x = epochs(count);
    return new Series(name, x, Arrays.stream(x).map(e -> offset + 1 / e).toArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 200})
  void everyPanelHasBothCurves(int epochs) {
    Panel panel =
        panel(false, false, inverse("training", epochs, 0), inverse("validation", epochs, 0.3));
    Picture one = LinePlot.draw(List.of(panel));
    Picture two = LinePlot.draw(List.of(panel, panel));
    assertThat(one.width()).isEqualTo(960);
    assertThat(two.width()).isEqualTo(960);
    assertThat(two.height()).isGreaterThan(one.height() + 200);
    assertThat(two.image().getRGB(0, 0)).isEqualTo(0xFFFFFFFF);
    int half = two.height() / 2;
    for (int top : new int[] {0, half}) {
      int first = epochs > 60 ? PALE_BLUE : BLUE;
      assertThat(count(two, first, 0, 960, top, top + half)).isGreaterThan(20);
      assertThat(count(two, ORANGE, 0, 960, top, top + half)).isGreaterThan(20);
    }
  }

  /** The two losses of {@code parity} differ by a millionth. */
  @Test
  void coincidingCurvesAreBothVisible() {
    Picture picture =
        LinePlot.draw(List.of(panel(false, false, inverse("a", 100, 0), inverse("b", 100, 1e-6))));
    int legend = picture.height() - 60;
    assertThat(count(picture, PALE_BLUE, 0, 960, 0, legend)).isGreaterThan(1000);
    assertThat(count(picture, ORANGE, 0, 960, 0, legend)).isGreaterThan(500);
  }

  @Test
  void unmeasuredCurvesAreLeftOutAndASingleCurveNeedsNoLegend() {
    double[] nothing = new double[5];
    Arrays.fill(nothing, Double.NaN);
    Series measured = inverse("training", 5, 0);
    Picture with =
        LinePlot.draw(
            List.of(panel(false, false, measured, new Series("none", epochs(5), nothing))));
    assertThat(count(with, ORANGE)).isZero();
    assertThat(with.image().getHeight())
        .isEqualTo(LinePlot.draw(List.of(panel(false, false, measured))).height());
  }

  @Test
  void divergedTrainingCanBePlotted() {
    double[] x = {1, 2};
    double[] infinite = {Double.POSITIVE_INFINITY, Double.NaN};
    Picture some =
        LinePlot.draw(
            List.of(
                panel(
                    false,
                    false,
                    new Series("a", x, new double[] {2.3, Double.NaN}),
                    new Series("b", x, infinite))));
    assertThat(count(some, BLUE)).as("a point alone is marked").isGreaterThan(20);
    assertThat(count(some, ORANGE)).isZero();
    assertThat(
            count(LinePlot.draw(List.of(panel(false, false, new Series("b", x, infinite)))), BLUE))
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void linesHaveGapsAtMissingValues(boolean logY) {
    double[] x = {1, 2, 3, 4};
    Picture picture =
        LinePlot.draw(
            List.of(
                panel(
                    false,
                    logY,
                    new Series("a", x, new double[] {1e-6, 0, 1e-3, 1}),
                    new Series("b", x, new double[] {Double.NaN, 1, 2, Double.NaN}))));
    assertThat(count(picture, BLUE)).isGreaterThan(20);
    assertThat(count(picture, ORANGE)).isGreaterThan(20);
  }

  @Test
  void aLogarithmicAxisWithoutPositiveValuesIsEmpty() {
    Series zeros = new Series("a", new double[] {1, 2}, new double[] {0, 0});
    assertThat(count(LinePlot.draw(List.of(panel(false, true, zeros))), BLUE)).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void intervalsHaveGapsAtMissingValues(boolean logX) {
    double[] x = {32, 64, 128};
    double[] none = {Double.NaN, Double.NaN, Double.NaN};
    Picture picture =
        LinePlot.draw(
            List.of(
                panel(
                    logX,
                    false,
                    new Series(
                        "a",
                        x,
                        new double[] {0.7, Double.NaN, 0.9},
                        new double[] {0.6, 0.7, 0.8},
                        new double[] {0.8, 1, 1}),
                    new Series(
                        "b",
                        new double[] {64},
                        new double[] {0.8},
                        new double[1],
                        new double[] {1}),
                    new Series("c", x, none, none, none))));
    assertThat(count(picture, BLUE)).isGreaterThan(100);
    assertThat(count(picture, ORANGE)).isGreaterThan(100);
  }

  @Test
  void wrongInputIsRefused() {
    double[] zero = {0};
    assertThatThrownBy(() -> new Series("a", zero, new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("series a");
    assertThatThrownBy(() -> new Series("a", zero, zero, zero, new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("series a");
    assertThatThrownBy(() -> LinePlot.draw(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LinePlot.draw(List.of(panel(false, false))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no points to plot");
    Series atZero = new Series("a", zero, zero, NONE, NONE);
    assertThat(LinePlot.draw(List.of(panel(false, false, atZero))).width()).isEqualTo(960);
    assertThatThrownBy(() -> LinePlot.draw(List.of(panel(true, false, atZero))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("above 0");
  }
}
