package cnnlab.data.slide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cnnlab.data.patch.OpticalDensity;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Staining of patches that are mixed from known stains. */
class StainingTest {
  private static final double[][] STAINS = {{0.65, 0.70, 0.29}, {0.20, 0.93, 0.31}};

  /** Pixels of random amounts of both stains, up to a density of 1, on glass of a density. */
  private static byte[] mixed(double glass, double empty, long seed) {
    Random random = new Random(seed);
    byte[] rgb = new byte[32 * 32 * 3];
    for (int p = 0; p < 32 * 32; p++) {
      boolean tissue = random.nextDouble() >= empty;
      double a = tissue ? random.nextDouble() : 0;
      // Some pixels have one stain alone.
      double[] amounts = {p % 4 == 0 ? 0 : a, p % 4 == 1 ? 0 : tissue ? random.nextDouble() : 0};
      for (int c = 0; c < 3; c++) {
        double density =
            glass + amounts[0] * STAINS[0][c] / norm(0) + amounts[1] * STAINS[1][c] / norm(1);
        rgb[3 * p + c] = OpticalDensity.level((float) density);
      }
    }
    return rgb;
  }

  private static double norm(int stain) {
    double sum = 0;
    for (double v : STAINS[stain]) {
      sum += v * v;
    }
    return Math.sqrt(sum);
  }

  @Test
  void theStainVectorsAreFound() {
    double[] features = Staining.features(mixed(0, 0, 1));
    for (int stain = 0; stain < 2; stain++) {
      for (int c = 0; c < 3; c++) {
        assertThat(features[3 * stain + c])
            .as("stain %d, channel %d", stain, c)
            .isCloseTo(STAINS[stain][c] / norm(stain), within(0.05));
      }
    }
  }

  @Test
  void theMeanDirectionLiesBetweenTheStainsAndHasTheirSigns() {
    double[] features = Staining.features(mixed(0, 0.3, 2));
    for (int c = 0; c < 3; c++) {
      double a = STAINS[0][c] / norm(0);
      double b = STAINS[1][c] / norm(1);
      assertThat(features[6 + c]).isBetween(Math.min(a, b) - 0.02, Math.max(a, b) + 0.02);
    }
  }

  @Test
  void theBackgroundIsThatOfTheGlass() {
    double[] features = Staining.features(mixed(0.1, 0.5, 3));
    for (int c = 0; c < 3; c++) {
      assertThat(features[9 + c]).isCloseTo(0.1, within(0.01));
    }
  }

  @Test
  void blackAndWhitePatchesHaveFiniteFeatures() {
    byte[] white = new byte[32 * 32 * 3];
    Arrays.fill(white, (byte) 255);
    assertThat(Staining.features(white)).hasSize(Staining.FEATURES).doesNotContain(Double.NaN);
    assertThat(Staining.features(new byte[32 * 32 * 3])).doesNotContain(Double.NaN);
  }
}
