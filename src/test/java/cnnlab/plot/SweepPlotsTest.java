package cnnlab.plot;

import static cnnlab.plot.Pixels.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.plot.ParallelPlot.Line;
import cnnlab.plot.ParallelPlot.Mark;
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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theBestLineStandsOutInBothDirections(boolean maximise) {
    List<Line> lines =
        List.of(
            new Line(new double[] {1, 1}, maximise ? 0.9 : 0.1),
            new Line(new double[] {0, 0}, maximise ? 0.1 : 0.9));
    Picture image = ParallelPlot.draw("t", axes(2), "score", maximise, lines);
    // The best runs along the top.
    assertThat(count(image, BEST, 0, 960, 100, 160)).isGreaterThan(500);
    assertThat(count(image, BEST, 0, 960, 300, 660)).isZero();
  }

  /** Means of the same values in another order. */
  @Test
  void almostEqualScoresAreDrawnInTheMiddle() {
    List<Line> lines =
        List.of(
            new Line(new double[] {1, 1}, 0.9), new Line(new double[] {0, 0}, 0.9000000000000001));
    Picture image = ParallelPlot.draw("t", axes(2), "score", true, lines);
    assertThat(count(image, BEST, 0, 960, 350, 450)).as("ends at half height").isPositive();
  }

  @Test
  void aPointWithoutAScoreIsGreyAndTheImageGrowsWithTheAxes() {
    List<Line> lines =
        List.of(
            new Line(new double[10], 0.5),
            new Line(IntStream.range(0, 10).mapToDouble(i -> 0.5).toArray(), Double.NaN));
    Picture image = ParallelPlot.draw("t", axes(10), "score", true, lines);
    assertThat(image.width()).isGreaterThan(1500);
    assertThat(count(image, DROPPED, 0, 960, 350, 450)).isGreaterThan(500);
    assertThatThrownBy(() -> ParallelPlot.draw("t", List.of(), "score", true, lines))
        .isInstanceOf(IllegalArgumentException.class);
    List<Line> none = lines.subList(1, 2);
    assertThatThrownBy(() -> ParallelPlot.draw("t", axes(10), "score", true, none))
        .hasMessageContaining("0 scores");
  }

  private static EffectsPlot.Panel panel(String name, boolean ordered) {
    return new EffectsPlot.Panel(
        name,
        MARKS,
        ordered,
        new double[] {0, 0, 1},
        true,
        List.of(
            new EffectsPlot.Level(0, 0.8, Double.NaN, Double.NaN),
            new EffectsPlot.Level(1, 0.88, -5, 7)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void panelsFillTheirRowsAndIntervalsStayInside(int panels) {
    Picture image =
        EffectsPlot.draw(
            "t",
            "score",
            new double[] {0.8, 0.9, 0.85},
            IntStream.range(0, panels).mapToObj(p -> panel("panel " + p, true)).toList());
    assertThat(image.width()).isEqualTo(960);
    int rows = (panels + 1) / 2;
    int band = (image.height() - 120) / rows;
    for (int row = 0; row < rows; row++) {
      int top = 60 + row * band;
      boolean alone = 2 * row + 1 == panels;
      for (int left : new int[] {0, 480}) {
        // The means of a panel alone stand at both ends of the whole row.
        assertThat(count(image, BEST, left, left + 480, top, top + band))
            .as("panel at %s, %s", left, top)
            .isGreaterThan(alone ? 60 : 200);
      }
      assertThat(count(image, BEST, 0, 960, top, top + 40)).as("below the axis's name").isZero();
    }
  }

  @Test
  void categoriesAreNotJoined() {
    double[] scores = {0.8, 0.9, 0.85};
    Picture joined = EffectsPlot.draw("t", "score", scores, List.of(panel("p", true)));
    Picture apart = EffectsPlot.draw("t", "score", scores, List.of(panel("p", false)));
    // Between the two levels, in the middle of the plot.
    assertThat(count(joined, BEST, 470, 520, 100, joined.height() - 80)).isPositive();
    int between = 2 * (Title.of(PlotStyle.measure(), "t", PlotStyle.WIDTH).height() + 26 + 30);
    assertThat(count(apart, BEST, 0, 960, between - 4, between + 4)).isZero();
    assertThatThrownBy(() -> EffectsPlot.draw("t", "score", scores, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
