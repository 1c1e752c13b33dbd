package cnnlab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfusionPlotTest {
  private static final int BLUE = 0x0072B2;
  private static final int ORANGE = 0xD55E00;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 26})
  void thereIsRoomForAllCells(int classes) {
    BufferedImage image = draw(diagonal(classes), classes);
    assertThat(image.getWidth()).isBetween(56 * classes, 200 + 130 * classes);
    assertThat(image.getHeight()).isBetween(56 * classes, 200 + 130 * classes);
    assertThat(count(image, BLUE)).isGreaterThan(1000L * classes);
    assertThat(count(image, ORANGE)).isZero();
  }

  @Test
  void mistakesStandOutAndEmptyRowsAreWhite() {
    BufferedImage image = draw(new int[][] {{0, 9}, {0, 0}}, 2);
    assertThat(count(image, ORANGE)).isGreaterThan(1000);
    assertThat(count(image, BLUE)).isZero();
  }

  @Test
  void aLongTitleMakesTheImageWider() {
    String title = "Confusion matrix of the median run of twenty (accuracy 0.9762)";
    BufferedImage image = ConfusionPlot.draw(title, diagonal(1), new String[] {"a"});
    int width = image.getWidth();
    assertThat(width).isGreaterThan(400);
    for (int margin : new int[] {0, width - 12}) {
      assertThat(image.getRGB(margin, 0, 12, 50, null, 0, 12)).containsOnly(0xFFFFFFFF);
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

  private static BufferedImage draw(int[][] counts, int classes) {
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

  private static long count(BufferedImage image, int colour) {
    int width = image.getWidth();
    int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
    return IntStream.of(pixels).filter(p -> (p & 0xFFFFFF) == colour).count();
  }
}
