package cnnlab.plot;

import static cnnlab.plot.Pixels.BLUE;
import static cnnlab.plot.Pixels.ORANGE;
import static cnnlab.plot.Pixels.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfusionPlotTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 26})
  void thereIsRoomForAllCells(int classes) {
    Picture image = draw(diagonal(classes), classes);
    assertThat(image.width()).isBetween(Math.max(960, 72 * classes), 960 + 72 * classes);
    assertThat(image.height()).isBetween(72 * classes, 300 + 240 * classes);
    assertThat(count(image, BLUE)).isGreaterThan(1000L * classes);
    assertThat(count(image, ORANGE)).isZero();
  }

  @Test
  void mistakesStandOutAndEmptyRowsAreWhite() {
    Picture image = draw(new int[][] {{0, 9}, {0, 0}}, 2);
    assertThat(count(image, ORANGE)).isGreaterThan(1000);
    assertThat(count(image, BLUE)).isZero();
  }

  @Test
  void aLongTitleIsWrapped() {
    String title = "Confusion matrix of the median run of twenty (accuracy 0.9762)";
    Picture image = ConfusionPlot.draw(title, diagonal(1), new String[] {"a"});
    assertThat(image.height())
        .isGreaterThan(ConfusionPlot.draw("t", diagonal(1), new String[] {"a"}).height() + 20);
    for (int margin : new int[] {0, image.width() - 20}) {
      assertThat(image.image().getRGB(margin, 0, 20, 80, null, 0, 20)).containsOnly(0xFFFFFFFF);
    }
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> draw(new int[2][2], 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 3 x 3");
    assertThatThrownBy(() -> draw(new int[][] {{1, 2}, {3}}, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> draw(new int[0][0], 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> draw(new int[][] {{-1}}, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Picture draw(int[][] counts, int classes) {
    String[] labels =
        IntStream.range(0, classes).mapToObj(Integer::toString).toArray(String[]::new);
    return ConfusionPlot.draw("Confusion matrix", counts, labels);
  }

  private static int[][] diagonal(int classes) {
    int[][] counts = new int[classes][classes];
    for (int k = 0; k < classes; k++) {
      counts[k][k] = 1000;
    }
    return counts;
  }
}
