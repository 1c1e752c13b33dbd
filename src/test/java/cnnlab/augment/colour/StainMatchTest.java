package cnnlab.augment.colour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.augment.Augmentation;
import cnnlab.augment.Images;
import cnnlab.augment.Pipeline;
import cnnlab.augment.Preprocessing;
import cnnlab.data.patch.OpticalDensity;
import cnnlab.data.patch.Stains;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StainMatchTest {
  private static final int SIDE = 32;

  /** Nuclei on fibres, of given strengths of the two stains, [32, 32, 3]. */
  private static byte[] tissue(double haematoxylin, double eosin) {
    byte[] blobs = Images.blobs(SIDE, 1);
    byte[] rgb = new byte[3 * blobs.length];
    for (int i = 0; i < rgb.length; i++) {
      double nuclei = haematoxylin * (0.3 + (blobs[i / 3] & 0xFF) / 255.0);
      double fibres = eosin * (0.5 + i / 3 % SIDE / 32.0);
      double density =
          nuclei * Stains.density(Stains.HAEMATOXYLIN, i % 3)
              + fibres * Stains.density(Stains.EOSIN, i % 3);
      rgb[i] = OpticalDensity.level((float) density);
    }
    return rgb;
  }

  private static byte[] matched(byte[] rgb, double strength) {
    Map<String, Object> entry = Map.of("stainMatch", Map.of("strength", strength));
    return Images.apply(Preprocessing.of(List.of(entry)).pipeline(), rgb, SIDE, SIDE, 3, 0);
  }

  private static double density(byte level) {
    return -Math.log10(((level & 0xFF) + 1) / 256.0);
  }

  /** Σ d·dᵀ / Σ w by plain loops; the last element is the mean weight. */
  private static double[] moments(byte[] rgb) {
    double[] sums = new double[10];
    double weights = 0;
    for (int p = 0; p < rgb.length; p += 3) {
      double mean = 0;
      for (int c = 0; c < 3; c++) {
        mean += density(rgb[p + c]) / 3;
      }
      weights += mean < 0.05 ? 0 : mean > 0.15 ? 1 : (mean - 0.05) / 0.1;
      for (int i = 0; i < 9; i++) {
        sums[i] += density(rgb[p + i / 3]) * density(rgb[p + i % 3]);
      }
    }
    for (int i = 0; i < 9; i++) {
      sums[i] /= weights;
    }
    sums[9] = weights * 3 / rgb.length;
    return sums;
  }

  @Test
  void measuresTissue() {
    byte[] rgb = tissue(0.5, 0.3);
    Arrays.fill(rgb, 0, 900, (byte) 250);
    Arrays.fill(rgb, 900, 1200, (byte) 200); // density 0.105: half tissue
    StainMatcher matcher = new StainMatcher();
    double[] expected = moments(rgb);
    assertThat(matcher.measure(rgb)).isCloseTo(expected[9], within(1e-6)).isLessThan(0.9);
    for (int i = 0; i < 9; i++) {
      assertThat(matcher.moments()[i / 3][i % 3]).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void theMapTurnsTheMomentsIntoTheTemplates() {
    double[][] from = new double[3][3];
    double[] found = moments(tissue(0.6, 0.4));
    for (int i = 0; i < 9; i++) {
      from[i / 3][i % 3] = found[i] + (i % 4 == 0 ? 0.01 : 0);
    }
    double[][] near = {{1.2, 0.1, 0}, {0.1, 0.9, -0.2}, {0, -0.2, 1.1}};
    double[][] to = SymmetricMatrix.product(SymmetricMatrix.product(near, from), near);
    // A symmetric map with eigenvalues in [1/2, 2], so it is the one sought, but for the noise.
    double[][] map = StainMatcher.transfer(from, to);
    for (int i = 0; i < 9; i++) {
      assertThat(map[i / 3][i % 3]).isCloseTo(near[i / 3][i % 3], within(0.01));
    }
  }

  @Test
  void resultsHaveTheTemplatesMoments() {
    double[][] target = StainTemplate.CENTRAL.moments();
    for (byte[] rgb : List.of(tissue(0.7, 0.35), tissue(0.5, 0.5), tissue(0.9, 0.3))) {
      double[] before = moments(rgb);
      double[] after = moments(matched(rgb, 1));
      double off = 0;
      double was = 0;
      for (int i = 0; i < 9; i++) {
        off += Math.abs(after[i] - target[i / 3][i % 3]);
        was += Math.abs(before[i] - target[i / 3][i % 3]);
      }
      // Two stains have no third direction to stretch, and the template has.
      assertThat(off).isLessThan(0.5 * was);
    }
  }

  @Test
  void movesEachPixelTheShareOfTheWay() {
    byte[] rgb = tissue(0.7, 0.35);
    double[] found = moments(rgb);
    double[][] from = {
      {found[0], found[1], found[2]}, {found[3], found[4], found[5]}, {found[6], found[7], found[8]}
    };
    double[][] map = StainMatcher.transfer(from, StainTemplate.CENTRAL.moments());
    byte[] half = matched(rgb, 0.5);
    for (int i = 0; i < rgb.length; i++) {
      int p = i - i % 3;
      double full = 0;
      for (int c = 0; c < 3; c++) {
        full += map[i % 3][c] * density(rgb[p + c]);
      }
      double d = 0.5 * density(rgb[i]) + 0.5 * full;
      double level = Math.min(255, Math.max(0, 256 * Math.pow(10, -d) - 1));
      assertThat((double) (half[i] & 0xFF)).isCloseTo(level, within(0.55));
    }
    assertThat(matched(rgb, 0)).isEqualTo(rgb);
  }

  @Test
  void stainsOfTwoLaboratoriesComeTogether() {
    byte[] bluish = tissue(0.8, 0.2);
    byte[] pink = tissue(0.5, 0.45);
    double before = Images.difference(bluish, pink);
    assertThat(Images.difference(matched(bluish, 1), matched(pink, 1))).isLessThan(0.5 * before);
    assertThat(Images.difference(matched(bluish, 0.5), matched(pink, 0.5)))
        .isBetween(0.5 * before, 0.8 * before);
  }

  @Test
  void glassStaysGlass() {
    byte[] glass = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < glass.length; i++) {
      glass[i] = (byte) (232 + i % 7);
    }
    assertThat(matched(glass, 1)).isEqualTo(glass);
    byte[] rgb = tissue(0.3, 0.2);
    Arrays.fill(rgb, 0, 600, (byte) 255);
    assertThat(Arrays.copyOf(matched(rgb, 1), 600)).containsOnly(255);
  }

  @Test
  void littleTissueMovesALittle() {
    // Tissue in 51 of 1024 pixels, mean weight 0.05, moves half of the way that it would move in a
    // patch full of it.
    byte[] full = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < full.length; i++) {
      full[i] = (byte) new int[] {200, 140, 180}[i % 3];
    }
    byte[] little = full.clone();
    Arrays.fill(little, 3 * 51, little.length, (byte) 255);
    double whole = density(matched(full, 1)[1]) - density(full[1]);
    double part = density(matched(little, 1)[1]) - density(full[1]);
    assertThat(part / whole).isCloseTo(51 / 1024.0 * 10, within(0.03));
  }

  @Test
  void faintStainIsAtMostDoubled() {
    byte[] faint = tissue(0.12, 0.08);
    byte[] done = matched(faint, 1);
    double ratio = Math.sqrt(traceOfSums(done) / traceOfSums(faint));
    assertThat(ratio).isBetween(1.5, 2.01);
  }

  private static double traceOfSums(byte[] rgb) {
    double sum = 0;
    for (byte level : rgb) {
      sum += density(level) * density(level);
    }
    return sum;
  }

  @Test
  void rootsAndInversesOfMatrices() {
    double[][] a = {{4, 1, -0.5}, {1, 3, 0.2}, {-0.5, 0.2, 2}};
    double[][] root = SymmetricMatrix.map(a, Math::sqrt);
    double[][] inverse = SymmetricMatrix.map(a, v -> 1 / v);
    double[][] square = SymmetricMatrix.product(root, root);
    double[][] unit = SymmetricMatrix.product(a, inverse);
    for (int i = 0; i < 9; i++) {
      assertThat(square[i / 3][i % 3]).isCloseTo(a[i / 3][i % 3], within(1e-12));
      assertThat(unit[i / 3][i % 3]).isCloseTo(i % 4 == 0 ? 1 : 0, within(1e-12));
      assertThat(root[i / 3][i % 3]).isCloseTo(root[i % 3][i / 3], within(1e-12));
    }
  }

  private static byte[] moved(int count, long seed) {
    Pipeline pipeline = Images.pipeline("stainTemplates", Map.of("count", count));
    return Images.apply(pipeline, tissue(0.6, 0.4), SIDE, SIDE, 3, seed);
  }

  @Test
  void templatesAreDrawnUniformly() {
    Map<Integer, Integer> names = new HashMap<>();
    for (int t = 0; t < StainTemplates.MOST; t++) {
      byte[] rgb = tissue(0.6, 0.4);
      assertThat(new StainMatcher().move(rgb, StainTemplate.CLUSTERS.get(t), 1)).isTrue();
      names.put(Arrays.hashCode(rgb), t);
    }
    assertThat(names).hasSize(8);
    int[] counts = new int[8];
    for (int seed = 0; seed < 2000; seed++) {
      counts[names.get(Arrays.hashCode(moved(8, seed)))]++;
      assertThat(names.get(Arrays.hashCode(moved(3, seed)))).isLessThan(3);
    }
    for (int count : counts) {
      assertThat(count).isBetween(190, 310);
    }
    assertThat(moved(8, 5)).isEqualTo(moved(8, 5));
  }

  @Test
  void partOfTheWayToATemplate() {
    byte[] start = tissue(0.6, 0.4);
    Map<String, Object> half = Map.of("count", 1, "strength", 0.5);
    byte[] found = Images.apply(Images.pipeline("stainTemplates", half), start, SIDE, SIDE, 3, 1);
    byte[] expected = start.clone();
    new StainMatcher().move(expected, StainTemplate.CLUSTERS.get(0), 0.5);
    assertThat(found).isEqualTo(expected).isNotEqualTo(start);
  }

  @Test
  void refusesGreyImagesAndWrongParameters() {
    Pipeline pipeline = Images.pipeline("stainTemplates", Map.of("count", 2));
    assertThatThrownBy(() -> Images.apply(pipeline, new byte[16], 4, 4, 1, 1))
        .hasMessageContaining("stainTemplates: an image of 1 channel(s) found, 3 (RGB) expected");
    Pipeline match = Preprocessing.of(List.of("stainMatch")).pipeline();
    assertThatThrownBy(() -> Images.apply(match, new byte[16], 4, 4, 1, 1))
        .hasMessageContaining("stainMatch: an image of 1 channel(s) found");
    assertRefused(Map.of(), "stainTemplates: needs count, a number from 1 to 8");
    assertRefused(Map.of("count", 9), "count: 9 found, a number from 1 to 8 expected");
    assertRefused(Map.of("count", 2.5), "count: 2.5 found, a whole number from 1 to 8 expected");
    assertRefused(Map.of("count", 2, "strength", 2), "strength: 2 found, a number from 0 to 1");
    assertThatThrownBy(
            () -> Preprocessing.of(List.of(Map.of("stainMatch", Map.of("strength", -1)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "preprocessing[1]: stainMatch.strength: -1 found, a number from 0 to 1 expected (1 is all the way to the template)");
  }

  private static void assertRefused(Map<String, Object> parameters, String message) {
    assertThatThrownBy(() -> Augmentation.of(List.of(Map.of("stainTemplates", parameters))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
