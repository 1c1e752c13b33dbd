package cnnlab.plot;

import static cnnlab.plot.Pixels.BLUE;
import static cnnlab.plot.Pixels.ORANGE;
import static cnnlab.plot.Pixels.count;
import static cnnlab.plot.Pixels.first;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DotPlotTest {
  private static Map<String, Map<String, Double>> series(
      Map<String, Double> first, Map<String, Double> second) {
    Map<String, Map<String, Double>> series = new LinkedHashMap<>();
    series.put("first", first);
    series.put("second", second);
    return series;
  }

  @Test
  void missingValuesHaveNoRow() {
    Map<String, Double> gaps = new HashMap<>();
    gaps.put("infer", 0.0);
    gaps.put("train", null);
    gaps.put("both", 1000.0);
    Picture both = DotPlot.draw("t", "images/s", series(Map.of("infer", 2.0), gaps));
    assertThat(both.width()).isEqualTo(960);
    assertThat(count(both, BLUE)).isPositive();
    assertThat(count(both, ORANGE)).isPositive();
    gaps.remove("both");
    Picture one = DotPlot.draw("t", "images/s", series(Map.of("infer", 2.0), gaps));
    assertThat(count(one, ORANGE)).isZero();
    assertThat(one.height()).isLessThan(both.height());
    assertThatThrownBy(() -> DotPlot.draw("t", "images/s", series(Map.of(), gaps)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void equalFactorsAreEqualDistances() {
    Map<String, Double> values = new TreeMap<>(Map.of("a", 10.0, "b", 100.0, "c", 1000.0));
    Picture picture = DotPlot.draw("t", "images/s", series(values, Map.of()));
    // Each category takes a head and a row: 43 points, from below the title on.
    int top = Title.of(PlotStyle.measure(), "t", PlotStyle.WIDTH).height() * PlotStyle.SCALE;
    int[] columns = new int[3];
    for (int c = 0; c < 3; c++) {
      columns[c] = first(picture, BLUE, top + 86 * c, top + 86 * (c + 1));
    }
    assertThat(columns[1] - columns[0]).isGreaterThan(100);
    assertThat(columns[2] - columns[1]).isCloseTo(columns[1] - columns[0], within(2));
  }
}
