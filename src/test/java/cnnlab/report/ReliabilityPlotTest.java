package cnnlab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.report.ReliabilityPlot.Bin;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReliabilityPlotTest {
  private static final int BLUE = 0x0072B2;
  private static final int ORANGE = 0xD55E00;

  private static List<Bin> bins(double offset) {
    return IntStream.range(0, 10)
        .mapToObj(
            i ->
                new Bin(
                    i / 10.0,
                    (i + 1) / 10.0,
                    i == 3 ? 0 : 10 * (i + 1),
                    i == 3 ? Double.NaN : i / 10.0 + 0.05,
                    i == 3 ? Double.NaN : Math.min(1, i / 10.0 + 0.05 + offset)))
        .toList();
  }

  private static BufferedImage draw(List<Bin> bins) {
    return ReliabilityPlot.draw("Reliability", "probability", "share", bins, 0.1234);
  }

  @Test
  void dotsAreWhereTheirSharesAre() {
    BufferedImage image = draw(bins(-0.04));
    assertThat(image.getWidth()).isEqualTo(574);
    assertThat(image.getHeight()).isEqualTo(696);
    // The bin 0.5..0.6 has the mean 0.55 and the share 0.51; the square begins at (84, 56).
    int x = (int) Math.round(84 + 0.55 * 460);
    int y = (int) Math.round(56 + 0.49 * 460);
    assertThat(image.getRGB(x, y) & 0xFFFFFF).isEqualTo(BLUE);
    assertThat(image.getRGB(x, y - 10) & 0xFFFFFF).isEqualTo(ORANGE);
  }

  @Test
  void whatIsCalibratedHasNoGaps() {
    assertThat(orange(draw(bins(0)))).isZero();
    assertThat(orange(draw(bins(0.1)))).isGreaterThan(300);
  }

  @Test
  void barsCountImages() {
    BufferedImage image = draw(bins(0));
    int base = 696 - 14;
    assertThat(barHeight(image, 84 + 46 * 9 + 20, base)).isBetween(88, 91);
    assertThat(barHeight(image, 84 + 46 * 4 + 20, base)).isBetween(43, 46);
    assertThat(barHeight(image, 84 + 46 * 3 + 20, base)).isZero();
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> draw(List.of(new Bin(0, 1, 0, Double.NaN, Double.NaN))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no predictions to plot");
    assertThatThrownBy(() -> new Bin(0, 1, 3, Double.NaN, 0.5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Bin(0.5, 0.4, 3, 0.5, 0.5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Bin(0, 1, 3, 0.5, 1.5)).hasMessageContaining("within 0..1");
  }

  /** Tinted rows right above the base line. */
  private static int barHeight(BufferedImage image, int x, int base) {
    int height = 0;
    while ((image.getRGB(x, base - 1 - height) >> 16 & 0xFF) < 0xA0) {
      height++;
    }
    return height;
  }

  private static long orange(BufferedImage image) {
    return IntStream.of(image.getRGB(0, 0, 574, 696, null, 0, 574))
        .filter(p -> (p & 0xFFFFFF) == ORANGE)
        .count();
  }
}
