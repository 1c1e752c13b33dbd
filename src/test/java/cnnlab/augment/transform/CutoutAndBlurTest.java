package cnnlab.augment.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.augment.Images;
import cnnlab.augment.Pipeline;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CutoutAndBlurTest {
  private static final int SIDE = 12;

  /** Distinct rows and columns, with mean 100 in the first channel and 50 in the second. */
  private static byte[] image() {
    byte[] image = new byte[SIDE * SIDE * 2];
    for (int p = 0; p < SIDE * SIDE; p++) {
      image[2 * p] = (byte) (p % 2 == 0 ? 80 : 120);
      image[2 * p + 1] = (byte) (p % 2 == 0 ? 20 : 80);
    }
    return image;
  }

  @Test
  void fillsTheSquareWithTheMeanColour() {
    byte[] image = image();
    Pipeline pipeline = Images.pipeline("cutout", Map.of("size", 4));
    int whole = 0;
    for (int seed = 0; seed < 1000; seed++) {
      int[] out = Images.ints(Images.apply(pipeline, image, SIDE, SIDE, 2, ImageRandom.mix(seed)));
      int[] hidden = IntStream.range(0, SIDE * SIDE).filter(p -> out[2 * p] == 100).toArray();
      int rows = (int) Arrays.stream(hidden).map(p -> p / SIDE).distinct().count();
      int columns = (int) Arrays.stream(hidden).map(p -> p % SIDE).distinct().count();
      assertThat(hidden).hasSize(rows * columns);
      assertThat(rows).isBetween(2, 4);
      assertThat(columns).isBetween(2, 4);
      for (int p = 0; p < SIDE * SIDE; p++) {
        boolean isHidden = out[2 * p] == 100;
        assertThat(out[2 * p + 1]).isEqualTo(isHidden ? 50 : p % 2 == 0 ? 20 : 80);
      }
      whole += hidden.length == 16 ? 1 : 0;
    }
    // The corner is one of 12 rows less 2; 9 of 12 leave all four rows inside, and so for columns.
    assertThat(whole / 1000.0).isCloseTo(81.0 / 144, within(0.05));
  }

  @Test
  void allowsASquareLargerThanTheImage() {
    Pipeline pipeline = Images.pipeline("cutout", Map.of("size", 100));
    int[] out = Images.ints(Images.apply(pipeline, image(), SIDE, SIDE, 2, 1));
    assertThat(out[0]).isEqualTo(100);
    assertThat(out[2 * SIDE * SIDE - 1]).isEqualTo(50);
  }

  @Test
  void sizesAreWholePixels() {
    assertThatThrownBy(() -> Images.pipeline("cutout", Map.of("size", 2.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "augmentation[1]: cutout.size: 2.5 found, a whole number from 1 to 10000 expected (pixels)");
    assertThatThrownBy(() -> Images.pipeline("cutout", Map.of("size", 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cutout.size: 0 found, a number from 1");
  }

  @Test
  void blursByAGaussianOfTheRandomWidth() {
    byte[] dot = new byte[41 * 41];
    dot[20 * 41 + 20] = (byte) 255;
    Pipeline pipeline = Images.pipeline("blur", Map.of("sigma", 2));
    for (int seed = 0; seed < 50; seed++) {
      ImageRandom draws = new ImageRandom(0);
      Chance.of("blur", 0, 1).begin(draws, seed);
      double sigma = 2 * draws.nextDouble();
      int[] out = Images.ints(Images.apply(pipeline, dot, 41, 41, 1, seed));
      if (sigma < 0.5) {
        assertThat(out[20 * 41 + 20]).isGreaterThan(100);
        continue;
      }
      double[] weights =
          IntStream.rangeClosed(-20, 20)
              .mapToDouble(x -> Math.exp(-x * x / (2 * sigma * sigma)))
              .toArray();
      double sum = Arrays.stream(weights).sum();
      for (int x = 0; x < 41; x++) {
        double expected = 255 * weights[20] * weights[x] / (sum * sum);
        assertThat((double) out[20 * 41 + x]).isCloseTo(expected, within(1.5));
      }
    }
  }

  @Test
  void blurKeepsFlatImagesToTheEdge() {
    byte[] flat = new byte[5 * 5 * 3];
    Arrays.fill(flat, (byte) 200);
    Pipeline pipeline = Images.pipeline("blur", Map.of("sigma", 20));
    for (int seed = 0; seed < 20; seed++) {
      assertThat(Images.apply(pipeline, flat, 5, 5, 3, seed)).isEqualTo(flat);
    }
  }
}
