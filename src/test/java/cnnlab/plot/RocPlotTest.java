package cnnlab.plot;

import static cnnlab.plot.Pixels.BLUE;
import static cnnlab.plot.Pixels.ORANGE;
import static cnnlab.plot.Pixels.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.plot.RocPlot.Curve;
import cnnlab.plot.RocPlot.Group;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RocPlotTest {
  /** y = x^power. */
  private static Curve curve(double power) {
    double[] x = IntStream.rangeClosed(0, 50).mapToDouble(i -> i / 50.0).toArray();
    double[] y = Arrays.stream(x).map(v -> Math.pow(v, power)).toArray();
    return new Curve(x, y, 1 / (1 + power));
  }

  private static Group group(String name, double... powers) {
    return new Group(name, Arrays.stream(powers).mapToObj(RocPlotTest::curve).toList());
  }

  @Test
  void curvesAreDrawnAtTheirRates() {
    Picture picture = RocPlot.draw("ROC", List.of(group("net", 0.25)));
    assertThat(picture.width()).isEqualTo(960);
    // At a false-positive rate of 0.2 the true one is 0.669.
    PlotFrame square = UnitSquare.frame(380, Title.of(PlotStyle.measure(), "ROC", 480).height());
    int x = (int) Math.round(2 * square.x(0.2));
    int y = (int) Math.round(2 * square.y(Math.pow(0.2, 0.25)));
    int top = 2 * square.top();
    assertThat(count(picture, BLUE, x, x + 1, y - 4, y + 5)).isPositive();
    assertThat(count(picture, BLUE, x, x + 1, top, y - 4)).isZero();
  }

  @Test
  void singleRunsAreThinBelowTheirMean() {
    Picture image = RocPlot.draw("ROC", List.of(group("a", 0.2, 0.4, 0.3), group("b", 0.5)));
    assertThat(count(image, BLUE)).isGreaterThan(500);
    assertThat(count(image, ORANGE)).isGreaterThan(500);
    long faint =
        IntStream.of(image.image().getRGB(0, 0, 960, 900, null, 0, 960))
            .map(p -> p & 0xFFFFFF)
            .filter(p -> (p & 0xFF) > 0xD0 && (p >> 16) < 0xB0)
            .count();
    assertThat(faint).isGreaterThan(500);
  }

  @Test
  void theMeanIsOfTrueRatesAtTheSameFalseRate() {
    Curve steps = new Curve(new double[] {0, 0, 0.5, 1}, new double[] {0, 0.6, 0.6, 1}, 0.7);
    assertThat(steps.at(0)).isEqualTo(0.6);
    assertThat(steps.at(0.75)).isCloseTo(0.8, within(1e-12));
    assertThat(steps.at(1)).isEqualTo(1);
    Curve line = new Curve(new double[] {0, 1}, new double[] {0, 1}, 0.5);
    Curve mean = RocPlot.mean(List.of(steps, line));
    assertThat(mean.at(0)).isCloseTo(0.3, within(1e-12));
    assertThat(mean.at(0.5)).isCloseTo(0.55, within(1e-12));
    assertThat(mean.at(0.75)).isCloseTo(0.775, within(1e-9));
    assertThat(mean.auc()).isCloseTo(0.6, within(1e-12));
  }

  @Test
  void theLegendHasTheArea() {
    assertThat(group("net", 0.25).legend()).isEqualTo("net: AUC 0.8000");
    // 0.8 and 2/3: mean 0.7333, standard deviation 0.0943.
    assertThat(group("net", 0.25, 0.5).legend())
        .isEqualTo("net: mean AUC 0.7333, SD 0.0943, 2 runs");
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> RocPlot.draw("t", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Group("net", List.of())).hasMessageContaining("group net");
    assertThatThrownBy(() -> new Curve(new double[] {0, 1}, new double[] {0, 0.5, 1}, 0.5))
        .hasMessageContaining("2 false-positive and 3 true-positive");
    assertThatThrownBy(() -> new Curve(new double[] {0, 0.5}, new double[] {0, 1}, 0.5))
        .hasMessageContaining("false-positive rates");
    assertThatThrownBy(
            () -> new Curve(new double[] {0, 0.5, 1}, new double[] {0, Double.NaN, 1}, 0.5))
        .hasMessageContaining("true-positive rates");
  }
}
