package cnnlab.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import cnnlab.bench.model.LayerWork;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How time and memory grow. */
class GrowthTest {
  @Test
  void findsExponentAndFactorOfAPowerLaw() {
    PowerLaw law = PowerLaw.fit(new double[] {1, 2, 8}, new double[] {3, 12, 192});
    assertThat(law.exponent()).isCloseTo(2, offset(1e-12));
    assertThat(law.factor()).isCloseTo(3, offset(1e-12));
    assertThatThrownBy(() -> PowerLaw.fit(new double[] {2, 2}, new double[] {1, 3}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PowerLaw.fit(new double[] {2}, new double[] {1, 3}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void arithmeticGrowsWithTheSquareOfChannelsAndPixels() {
    assertThat(operations(Dimension.CHANNELS, 512) / operations(Dimension.CHANNELS, 256))
        .isCloseTo(4, offset(0.01));
    assertThat(operations(Dimension.RESOLUTION, 224) / operations(Dimension.RESOLUTION, 112))
        .isCloseTo(4, offset(0.01));
    assertThat(operations(Dimension.DEPTH, 150) / operations(Dimension.DEPTH, 75))
        .isCloseTo(2, offset(0.01));
  }

  private static double operations(Dimension dimension, int size) {
    return LayerWork.operations(dimension.network(size), false);
  }

  @Test
  void worseThanLinearIsSaid() {
    List<GrowthPoint> points = new ArrayList<>();
    for (int size : Dimension.DEPTH.sizes()) {
      points.add(new GrowthPoint(Dimension.DEPTH, false, size, 1e6 * size, 1e-3 * size, size));
      points.add(
          new GrowthPoint(
              Dimension.DEPTH, true, size, 3e6 * size, 1e-3 * Math.pow(size, 1.5), size));
    }
    Growth growth = Growth.of(2, points);
    assertThat(growth.fits())
        .extracting(Growth.Fit::isWorseThanLinear)
        .containsExactly(false, true);
    assertThat(growth.fits().get(1).time()).isCloseTo(1.5, offset(1e-9));
    assertThat(growth.fits().get(1).arithmetic()).isCloseTo(1, offset(1e-9));
    assertThat(growth.exponents().toString()).contains("1.50", "yes", "no");
  }

  @Test
  void measuresSmallSizes() {
    Growth growth = Growth.measure(1, 0.001, 30, new PrintStream(OutputStream.nullOutputStream()));
    assertThat(growth.points())
        .allSatisfy(
            point -> {
              assertThat(point.seconds()).isPositive();
              assertThat(point.bytes()).isPositive();
            });
    assertThat(growth.points().stream().map(GrowthPoint::dimension).distinct())
        .containsExactly(Dimension.values());
    assertThat(growth.timePlot().width()).isEqualTo(960);
  }
}
