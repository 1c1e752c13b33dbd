package cnnlab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.report.StripPlot.Group;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
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
  void everyGroupHasDotsAndABar(int groups) {
    BufferedImage image = draw(groups, "rotation, translation and zoom");
    assertThat(image.getWidth()).isEqualTo(900);
    assertThat(image.getHeight()).isEqualTo(520);
    assertThat(image.getRGB(0, 0) & 0xFFFFFF).isEqualTo(0xFFFFFF);
    for (int g = 0; g < groups; g++) {
      // Columns lie between the y axis and the right margin.
      int from = 90 + 786 * g / groups;
      int to = 90 + 786 * (g + 1) / groups;
      assertThat(coloured(image, from, to, 80, 300)).isGreaterThan(40);
    }
  }

  @Test
  void labelsAreWrappedWhereTheyFitAndSlantedOtherwise() {
    Graphics2D graphics = Canvas.graphics(Canvas.white(1, 1));
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
  void theSameRunsGiveTheSamePicture() {
    BufferedImage a = draw(3, "x");
    BufferedImage b = draw(3, "x");
    assertThat(a.getRGB(0, 0, 900, 520, null, 0, 900))
        .isEqualTo(b.getRGB(0, 0, 900, 520, null, 0, 900));
  }

  @Test
  void aSingleRunAndEqualRunsCanBeDrawn() {
    for (double[] runs : new double[][] {{0.9}, {0, 0, 0}, {-2, -2}}) {
      Group group = new Group("one", runs, runs[0], Double.NaN, Double.NaN);
      BufferedImage image = StripPlot.draw("t", "accuracy", List.of(group));
      assertThat(coloured(image, 90, 880, 60, 480)).isGreaterThan(20);
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

  private static BufferedImage draw(int groups, String name) {
    return StripPlot.draw(
        "Test accuracy",
        "accuracy",
        IntStream.range(0, groups)
            .mapToObj(g -> new Group(name + " " + g, RUNS, 0.91756, 0.88983, 0.94529))
            .toList());
  }

  private static long coloured(BufferedImage image, int left, int right, int top, int bottom) {
    return IntStream.range(top, bottom)
        .mapToLong(
            y ->
                IntStream.range(left, right)
                    .map(x -> image.getRGB(x, y) & 0xFFFFFF)
                    .filter(c -> c == INK || Math.abs((c >> 16) - (c & 0xFF)) > 40)
                    .count())
        .sum();
  }
}
