package cnnlab.plot;

import static cnnlab.plot.Pixels.BLUE;
import static cnnlab.plot.Pixels.ORANGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.plot.ReliabilityPlot.Bin;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReliabilityPlotTest {
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

  private static Picture draw(List<Bin> bins) {
    return ReliabilityPlot.draw("Reliability", "probability", "share", bins, 0.1234);
  }

  @Test
  void dotsAreAtTheirShares() {
    Picture image = draw(bins(-0.04));
    assertThat(image.width()).isEqualTo(960);
    // The bin 0.5..0.6 has the mean 0.55 and the share 0.51.
    int x = (int) Math.round(2 * square().x(0.55));
    int y = (int) Math.round(2 * square().y(0.51));
    assertThat(image.image().getRGB(x, y) & 0xFFFFFF).isEqualTo(BLUE);
    assertThat(image.image().getRGB(x, y - 15) & 0xFFFFFF).isEqualTo(ORANGE);
  }

  @Test
  void calibratedPredictionsHaveNoGaps() {
    assertThat(orange(draw(bins(0)))).isZero();
    assertThat(orange(draw(bins(0.1)))).isGreaterThan(300);
  }

  @Test
  void barsCountImages() {
    Picture image = draw(bins(0));
    int base = image.height() - 2 * PlotStyle.MARGIN;
    assertThat(barHeight(image, column(0.95), base)).isBetween(117, 120);
    assertThat(barHeight(image, column(0.45), base)).isBetween(57, 60);
    assertThat(barHeight(image, column(0.35), base)).isZero();
  }

  private static PlotFrame square() {
    return UnitSquare.frame(340, Title.of(PlotStyle.measure(), "Reliability", 480).height());
  }

  private static int column(double probability) {
    return (int) (2 * square().x(probability));
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
  private static int barHeight(Picture image, int x, int base) {
    int height = 0;
    while ((image.image().getRGB(x, base - 2 - height) >> 16 & 0xFF) < 0xA0) {
      height++;
    }
    return height;
  }

  private static long orange(Picture image) {
    return Pixels.count(image, ORANGE);
  }
}
