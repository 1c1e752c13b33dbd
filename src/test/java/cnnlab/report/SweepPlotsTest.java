package cnnlab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.report.ParallelPlot.Line;
import cnnlab.report.ParallelPlot.Mark;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepPlotsTest {
  private static final int BEST = 0xD55E00;
  private static final int DROPPED = 0xD0D0D0;
  private static final List<Mark> MARKS = List.of(new Mark(0, "low"), new Mark(1, "high"));

  private static List<ParallelPlot.Axis> axes(int count) {
    return IntStream.range(0, count)
        .mapToObj(a -> new ParallelPlot.Axis("axis " + a, MARKS, false))
        .toList();
  }

  private static long count(BufferedImage image, int colour, int top, int bottom) {
    return IntStream.range(top, bottom)
        .mapToLong(
            y ->
                IntStream.range(0, image.getWidth())
                    .filter(x -> (image.getRGB(x, y) & 0xFFFFFF) == colour)
                    .count())
        .sum();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theBestLineStandsOutWhicheverWayIsBetter(boolean maximise) {
    List<Line> lines =
        List.of(
            new Line(new double[] {1, 1}, maximise ? 0.9 : 0.1),
            new Line(new double[] {0, 0}, maximise ? 0.1 : 0.9));
    BufferedImage image = ParallelPlot.draw("t", axes(2), "score", maximise, lines);
    // The best runs along the top.
    assertThat(count(image, BEST, 80, 110)).isGreaterThan(500);
    assertThat(count(image, BEST, 250, 500)).isZero();
  }

  /** Means of the same values in another order. */
  @Test
  void scoresThatDifferInTheirLastBitsAreDrawnInTheMiddle() {
    List<Line> lines =
        List.of(
            new Line(new double[] {1, 1}, 0.9), new Line(new double[] {0, 0}, 0.9000000000000001));
    BufferedImage image = ParallelPlot.draw("t", axes(2), "score", true, lines);
    assertThat(count(image, BEST, 250, 330)).as("ends at half height").isPositive();
  }

  @Test
  void aPointWithoutAScoreIsGreyAndTheImageGrowsWithTheAxes() {
    List<Line> lines =
        List.of(
            new Line(new double[10], 0.5),
            new Line(IntStream.range(0, 10).mapToDouble(i -> 0.5).toArray(), Double.NaN));
    BufferedImage image = ParallelPlot.draw("t", axes(10), "score", true, lines);
    assertThat(image.getWidth()).isGreaterThan(1500);
    assertThat(count(image, DROPPED, 250, 330)).isGreaterThan(500);
    assertThatThrownBy(() -> ParallelPlot.draw("t", List.of(), "score", true, lines))
        .isInstanceOf(IllegalArgumentException.class);
    List<Line> none = lines.subList(1, 2);
    assertThatThrownBy(() -> ParallelPlot.draw("t", axes(10), "score", true, none))
        .hasMessageContaining("0 scores");
  }

  @Test
  void everyPanelHasItsMeansAndWideIntervalsStayInside() {
    double[] scores = {0.8, 0.9, 0.85};
    List<EffectsPlot.Panel> panels =
        IntStream.range(0, 4)
            .mapToObj(
                p ->
                    new EffectsPlot.Panel(
                        "panel " + p,
                        MARKS,
                        new double[] {0, 0.5, 1},
                        false,
                        List.of(
                            new EffectsPlot.Level(0, 0.8, Double.NaN, Double.NaN),
                            new EffectsPlot.Level(1, 0.88, -5, 7))))
            .toList();
    BufferedImage image = EffectsPlot.draw("t", "score", scores, panels);
    assertThat(image.getWidth()).isEqualTo(960);
    assertThat(image.getHeight()).isEqualTo(44 + 2 * 280);
    assertThat(count(image, BEST, 84, 281)).isGreaterThan(600);
    assertThat(count(image, BEST, 364, 561)).isGreaterThan(200);
    assertThat(count(image, BEST, 0, 84)).isZero();
    assertThat(count(image, BEST, 283, 360)).isZero();
    assertThatThrownBy(() -> EffectsPlot.draw("t", "score", scores, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
