package cnnlab.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.plot.StripPlot.Group;
import java.awt.Graphics2D;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StripPlotTest {
  private static final double[] RUNS = {0.8867, 0.9187, 0.9341, 0.9426, 0.9057};
  private static final int INK = 0x222222;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 30})
  void everyGroupHasARowWithDotsAndABar(int groups) {
    Picture image = draw(groups, "rotation, translation and zoom");
    assertThat(image.width()).isEqualTo(960);
    assertThat(image.image().getRGB(0, 0)).isEqualTo(0xFFFFFFFF);
    // Rows lie between the title and the axis, all of the same height; names end before the middle.
    int top = 90;
    int row = (image.height() - 200) / groups;
    for (int g = 0; g < groups; g++) {
      assertThat(coloured(image, 400, 800, top + g * row, top + (g + 1) * row)).isGreaterThan(40);
    }
  }

  @Test
  void labelsAreWrappedIfTheyFitAndSlantedOtherwise() {
    Graphics2D graphics = PlotStyle.measure();
    AxisLabels wrapped = AxisLabels.fit(graphics, List.of("batch norm", "drop-out"), 70);
    assertThat(wrapped.slanted()).isFalse();
    assertThat(wrapped.lines()).containsExactly(List.of("batch", "norm"), List.of("drop-out"));
    AxisLabels slanted = AxisLabels.fit(graphics, List.of("x".repeat(100), "y"), 70);
    assertThat(slanted.slanted()).isTrue();
    assertThat(slanted.lines().get(0).get(0)).endsWith("…");
    assertThat(slanted.height()).isLessThan(150);
    graphics.dispose();
  }

  @Test
  void theSameRunsGiveTheSamePicture() throws IOException {
    Picture a = draw(3, "x");
    Picture b = draw(3, "x");
    assertThat(a.png("")).isEqualTo(b.png(""));
  }

  @Test
  void aSingleRunAndEqualRunsCanBeDrawn() {
    for (double[] runs : new double[][] {{0.9}, {0, 0, 0}, {-2, -2}}) {
      Group group = new Group("one", runs, runs[0], Double.NaN, Double.NaN);
      Picture image = StripPlot.draw("t", "accuracy", List.of(group));
      assertThat(coloured(image, 90, 800, 60, image.height() - 100)).isGreaterThan(20);
    }
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> StripPlot.draw("t", "y", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Group("a", new double[0], 1, 0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("group a");
    assertThatThrownBy(() -> new Group("a", new double[] {Double.NaN}, 1, 0, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Group("a", new double[] {1}, Double.NaN, 0, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Group("a", new double[] {1}, 1, 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not in its interval");
  }

  private static Picture draw(int groups, String name) {
    return StripPlot.draw(
        "Test accuracy",
        "accuracy",
        IntStream.range(0, groups)
            .mapToObj(g -> new Group(name + " " + g, RUNS, 0.91756, 0.88983, 0.94529))
            .toList());
  }

  private static long coloured(Picture image, int left, int right, int top, int bottom) {
    return IntStream.range(top, bottom)
        .mapToLong(
            y ->
                IntStream.range(left, right)
                    .map(x -> image.image().getRGB(x, y) & 0xFFFFFF)
                    .filter(c -> c == INK || Math.abs((c >> 16) - (c & 0xFF)) > 40)
                    .count())
        .sum();
  }
}
