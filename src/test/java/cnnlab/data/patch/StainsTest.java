package cnnlab.data.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StainsTest {
  @Test
  void givesTheDensitiesOfKnownLevels() {
    assertThat(OpticalDensity.of((byte) 255)).isZero();
    assertThat(OpticalDensity.of((byte) 127)).isCloseTo(0.30103f, within(1e-6f));
    assertThat(OpticalDensity.of((byte) 0)).isCloseTo(2.40824f, within(1e-5f));
  }

  @Test
  void recoversEveryLevel() {
    for (int v = 0; v < 256; v++) {
      assertThat(OpticalDensity.level(OpticalDensity.of((byte) v)) & 0xFF).isEqualTo(v);
    }
  }

  @Test
  void theTableIsTheFormulaRounded() {
    double most = 0;
    for (int i = 0; i <= 240_000; i++) {
      float density = i * 1e-5f;
      double exact = 256 * Math.pow(10, -density) - 1;
      most = Math.max(most, Math.abs((OpticalDensity.level(density) & 0xFF) - exact));
    }
    assertThat(most).isLessThan(0.5 + 0.04);
  }

  @Test
  void clipsToWhiteAndBlack() {
    for (float light : new float[] {-0.001f, -1, -1e9f, Float.NEGATIVE_INFINITY}) {
      assertThat(OpticalDensity.level(light)).isEqualTo((byte) 255);
    }
    for (float dark : new float[] {2.5f, 100, 1e9f, Float.POSITIVE_INFINITY}) {
      assertThat(OpticalDensity.level(dark)).isZero();
    }
  }

  @Test
  void stainsAreThePublishedOnesOfUnitLength() {
    // (0.65, 0.70, 0.29) has the length 0.998298.
    assertThat(Stains.density(Stains.HAEMATOXYLIN, 0)).isCloseTo(0.651108, within(1e-6));
    assertThat(Stains.density(Stains.HAEMATOXYLIN, 1)).isCloseTo(0.701193, within(1e-6));
    assertThat(Stains.density(Stains.EOSIN, 1)).isCloseTo(0.991439, within(1e-5));
    for (int s = 0; s < Stains.COUNT; s++) {
      double squares = 0;
      for (int c = 0; c < Stains.COUNT; c++) {
        squares += Stains.density(s, c) * Stains.density(s, c);
      }
      assertThat(squares).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void amountsInvertDensities() {
    for (int s = 0; s < Stains.COUNT; s++) {
      for (int t = 0; t < Stains.COUNT; t++) {
        double sum = 0;
        for (int c = 0; c < Stains.COUNT; c++) {
          sum += Stains.density(s, c) * Stains.amount(c, t);
        }
        assertThat(sum).isCloseTo(s == t ? 1 : 0, within(1e-12));
      }
    }
  }
}
