package cnnlab.augment.colour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.augment.Augmentation;
import cnnlab.augment.Images;
import cnnlab.augment.Pipeline;
import cnnlab.augment.transform.Chance;
import cnnlab.augment.transform.ImageRandom;
import cnnlab.data.patch.OpticalDensity;
import cnnlab.data.patch.Stains;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColourTransformsTest {
  private static final int SIDE = 32;
  private static final byte[] TISSUE = tissue();

  private static final List<Map<String, Map<String, Object>>> EACH =
      List.of(
          Map.of("stain", Map.of("sigma", 0.2, "bias", 0.1)),
          Map.of("tonal", Map.of("range", 0.4)),
          Map.of("hueSaturation", Map.of("hue", 40, "saturation", 0.4)),
          Map.of("channelShift", Map.of("delta", 0.3)),
          Map.of("cutout", Map.of("size", 8)),
          Map.of("blur", Map.of("sigma", 2)));

  /** Dark purple nuclei on pink, [32, 32, 3], mixed from the two stains. */
  private static byte[] tissue() {
    byte[] blobs = Images.blobs(SIDE, 1);
    byte[] rgb = new byte[3 * blobs.length];
    for (int p = 0; p < blobs.length; p++) {
      double haematoxylin = 0.1 + 0.6 * (blobs[p] & 0xFF) / 255;
      double eosin = 0.05 + 0.1 * (p % SIDE) / SIDE;
      for (int c = 0; c < 3; c++) {
        double density =
            haematoxylin * Stains.density(Stains.HAEMATOXYLIN, c)
                + eosin * Stains.density(Stains.EOSIN, c);
        rgb[3 * p + c] = OpticalDensity.level((float) density);
      }
    }
    return rgb;
  }

  private static byte[] apply(String name, Map<String, Object> parameters, long seed) {
    return Images.apply(Images.pipeline(name, parameters), TISSUE, SIDE, SIDE, 3, seed);
  }

  private static int[] pixel(Pipeline pipeline, long seed, int... rgb) {
    return Images.ints(Images.apply(pipeline, Images.bytes(rgb), 1, rgb.length / 3, 3, seed));
  }

  private static double density(int level) {
    return -Math.log10((level + 1) / 256.0);
  }

  /** Amounts of the stains in a pixel. */
  private static double[] amounts(int[] rgb) {
    double[] amounts = new double[3];
    for (int s = 0; s < 3; s++) {
      for (int c = 0; c < 3; c++) {
        amounts[s] += density(rgb[c]) * Stains.amount(c, s);
      }
    }
    return amounts;
  }

  /** The draws of a transform that is the first of its name. */
  private static ImageRandom draws(String name, long seed) {
    ImageRandom draws = new ImageRandom(0);
    Chance.of(name, 0, 1).begin(draws, seed);
    return draws;
  }

  @Test
  void nothingChangesAtAmountZero() {
    for (int seed = 0; seed < 20; seed++) {
      assertThat(apply("stain", Map.of("sigma", 0, "bias", 0), seed)).isEqualTo(TISSUE);
      assertThat(apply("tonal", Map.of("range", 0), seed)).isEqualTo(TISSUE);
      assertThat(apply("hueSaturation", Map.of("hue", 0), seed)).isEqualTo(TISSUE);
      assertThat(apply("channelShift", Map.of("delta", 0), seed)).isEqualTo(TISSUE);
      assertThat(apply("blur", Map.of("sigma", 0), seed)).isEqualTo(TISSUE);
    }
  }

  @Test
  void recoversEveryColourFromItsStains() {
    // 52 levels of each channel, 0 to 255.
    int side = 52;
    byte[] colours = new byte[3 * side * side * side];
    for (int p = 0; p < colours.length / 3; p++) {
      colours[3 * p] = (byte) (5 * (p % side));
      colours[3 * p + 1] = (byte) (5 * (p / side % side));
      colours[3 * p + 2] = (byte) (5 * (p / side / side));
    }
    Pipeline pipeline = Images.pipeline("stain", Map.of("sigma", 0));
    assertThat(Images.apply(pipeline, colours, side * side, side, 3, 1)).isEqualTo(colours);
  }

  @Test
  void stainScalesAndShiftsEachAmount() {
    Pipeline pipeline = Images.pipeline("stain", Map.of("sigma", 0.2, "bias", 0.05));
    for (int seed = 0; seed < 200; seed++) {
      ImageRandom draws = draws("stain", seed);
      int[] rgb = {150, 90, 160};
      double[] before = amounts(rgb);
      double[] after = amounts(pixel(pipeline, seed, rgb));
      for (int s = 0; s < 3; s++) {
        double expected = before[s] * (1 + draws.symmetric(0.2)) + draws.symmetric(0.05);
        // Half a level is 0.0024 of density in green.
        assertThat(after[s]).isCloseTo(expected, within(0.01));
      }
    }
  }

  @Test
  void agreesWithStainsComputedByHand() {
    // Pure haematoxylin of amount 0.4 scaled by its own factor stays pure haematoxylin.
    byte[] pure = new byte[3];
    for (int c = 0; c < 3; c++) {
      pure[c] = OpticalDensity.level((float) (0.4 * Stains.density(Stains.HAEMATOXYLIN, c)));
    }
    // 256·10^(−0.4·(0.6511, 0.7012, 0.2905)) − 1
    assertThat(Images.ints(pure)).containsExactly(140, 133, 195);
    long seed = 5;
    double factor = 1 + draws("stain", seed).symmetric(0.5);
    int[] out = pixel(Images.pipeline("stain", Map.of("sigma", 0.5)), seed, Images.ints(pure));
    double[] vector = {0.651108, 0.701193, 0.290494};
    for (int c = 0; c < 3; c++) {
      double exact = 256 * Math.pow(10, -0.4 * factor * vector[c]) - 1;
      assertThat((double) out[c]).isCloseTo(exact, within(1.5));
    }
  }

  @Test
  void clipsDensitiesToWhiteAndBlack() {
    Pipeline pipeline = Images.pipeline("stain", Map.of("sigma", 0, "bias", 1));
    int clamped = 0;
    for (int seed = 0; seed < 300; seed++) {
      int[] out = pixel(pipeline, seed, 255, 255, 255, 0, 0, 0);
      ImageRandom draws = draws("stain", seed);
      double[] shift = new double[3];
      for (int s = 0; s < 3; s++) {
        draws.symmetric(0);
        double bias = draws.symmetric(1);
        for (int c = 0; c < 3; c++) {
          shift[c] += bias * Stains.density(s, c);
        }
      }
      for (int c = 0; c < 3; c++) {
        double white = Math.min(255, 256 * Math.pow(10, -shift[c]) - 1);
        double black = Math.max(0, Math.pow(10, -shift[c]) - 1);
        assertThat((double) out[c]).isCloseTo(white, within(0.55));
        assertThat((double) out[3 + c]).isCloseTo(black, within(0.55));
        clamped += shift[c] < 0 ? 1 : 0;
      }
    }
    assertThat(clamped).isBetween(300, 600);
  }

  @Test
  void tonalStretchesAlongTheWayFromWhiteToThePatchsColourAndNowhereElse() {
    double[] mean = mean(TISSUE);
    double length = Math.sqrt(DoubleStream.of(mean).map(v -> v * v).sum());
    for (int seed = 0; seed < 50; seed++) {
      double gain = 1 + draws("tonal", seed).symmetric(0.3);
      byte[] aboutMean = apply("tonal", Map.of("range", 0.3), seed);
      byte[] aboutWhite = apply("tonal", Map.of("range", 0.3, "about", "white"), seed);
      for (int p = 0; p < TISSUE.length; p += 300) {
        double[] before = densities(TISSUE, p);
        double along = dot(before, mean) / length;
        assertAlong(aboutMean, p, before, (gain - 1) * (along - length), mean, length);
        assertAlong(aboutWhite, p, before, (gain - 1) * along, mean, length);
      }
    }
  }

  private static void assertAlong(
      byte[] rgb, int at, double[] before, double step, double[] mean, double length) {
    double[] after = densities(rgb, at);
    for (int c = 0; c < 3; c++) {
      double expected = Math.max(0, before[c] + step * mean[c] / length);
      assertThat(after[c]).isCloseTo(expected, within(0.006));
    }
  }

  @Test
  void tonalComputedByHand() {
    // Two pixels of densities (0.602, 0.602, 0.301) and white: mean (0.301, 0.301, 0.1505).
    long seed = 3;
    double gain = 1 + draws("tonal", seed).symmetric(0.5);
    int[] out =
        pixel(Images.pipeline("tonal", Map.of("range", 0.5)), seed, 63, 63, 127, 255, 255, 255);
    // Both are as far from the mean, on either side: 63 becomes 256·10^(−0.301·(1 + gain)) − 1.
    double dark = 256 * Math.pow(10, -0.30103 * (1 + gain)) - 1;
    double light = Math.min(255, 256 * Math.pow(10, -0.30103 * (1 - gain)) - 1);
    assertThat((double) out[0]).isCloseTo(dark, within(0.6));
    assertThat(out[1]).isEqualTo(out[0]);
    assertThat((double) out[3]).isCloseTo(light, within(0.6));
  }

  @Test
  void leavesWhitePatchesUnchanged() {
    byte[] white = new byte[3 * SIDE * SIDE];
    Arrays.fill(white, (byte) 254);
    Pipeline pipeline = Images.pipeline("tonal", Map.of("range", 1));
    for (int seed = 0; seed < 20; seed++) {
      assertThat(Images.apply(pipeline, white, SIDE, SIDE, 3, seed)).isEqualTo(white);
    }
  }

  @Test
  void rotatesHueAtConstantBrightness() {
    Pipeline pipeline = Images.pipeline("hueSaturation", Map.of("hue", 90, "saturation", 0.3));
    boolean turned = false;
    for (int seed = 0; seed < 200; seed++) {
      int[] out = pixel(pipeline, seed, 150, 110, 140, 90, 90, 90, 255, 255, 255);
      assertThat(0.299 * out[0] + 0.587 * out[1] + 0.114 * out[2])
          .isCloseTo(0.299 * 150 + 0.587 * 110 + 0.114 * 140, within(0.6));
      assertThat(Arrays.copyOfRange(out, 3, 9)).containsExactly(90, 90, 90, 255, 255, 255);
      turned |= out[1] > out[0];
    }
    assertThat(turned).isTrue();
  }

  @Test
  void saturationScalesWhatIsNotGrey() {
    long seed = 4;
    ImageRandom draws = draws("hueSaturation", seed);
    draws.symmetric(0);
    double factor = 1 + draws.symmetric(0.8);
    Map<String, Object> saturation = Map.of("hue", 0, "saturation", 0.8);
    int[] out = pixel(Images.pipeline("hueSaturation", saturation), seed, 150, 110, 140);
    double luma = 0.299 * 150 + 0.587 * 110 + 0.114 * 140;
    for (int c = 0; c < 3; c++) {
      double value = new int[] {150, 110, 140}[c];
      assertThat((double) out[c]).isCloseTo(luma + factor * (value - luma), within(0.6));
    }
  }

  @Test
  void shiftsChannelsIndependently() {
    Pipeline pipeline = Images.pipeline("channelShift", Map.of("delta", 0.2));
    double[] sums = new double[3];
    for (int seed = 0; seed < 1000; seed++) {
      int[] out = pixel(pipeline, ImageRandom.mix(seed), 100, 110, 120, 0, 255, 130);
      int[] shifts = {out[0] - 100, out[1] - 110, out[2] - 120};
      assertThat(Arrays.stream(shifts).map(Math::abs).max().orElseThrow()).isLessThanOrEqualTo(51);
      assertThat(out[3]).isEqualTo(Math.max(0, shifts[0]));
      assertThat(out[4]).isEqualTo(Math.min(255, 255 + shifts[1]));
      assertThat(out[5]).isEqualTo(130 + shifts[2]);
      sums[0] += Math.abs(shifts[0] - shifts[1]);
      sums[1] += Math.abs(shifts[1] - shifts[2]);
      sums[2] += Math.abs(shifts[2] - shifts[0]);
    }
    // The mean difference of two numbers uniform in ±51 is 34.
    assertThat(sums).containsExactly(new double[] {34_000, 34_000, 34_000}, within(3000.0));
  }

  @ParameterizedTest
  @CsvSource({"stain, sigma", "tonal, range", "hueSaturation, hue"})
  void greyImagesAreRefused(String name, String key) {
    Pipeline pipeline = Images.pipeline(name, Map.of(key, 0.1, "probability", 0.001));
    assertThatThrownBy(() -> Images.apply(pipeline, new byte[16], 4, 4, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "%s: an image of 1 channel(s) found, 3 (RGB) expected; leave %s out for grey images"
                .formatted(name, name));
  }

  @Test
  void sameSeedSameImageAndOtherSeedAnother() {
    for (Map<String, Map<String, Object>> entry : EACH) {
      Pipeline one = Augmentation.of(List.of(entry)).pipeline();
      byte[] first = Images.apply(one, TISSUE, SIDE, SIDE, 3, 11);
      byte[] second = Images.apply(one, TISSUE, SIDE, SIDE, 3, 12);
      assertThat(first).isNotEqualTo(second).isNotEqualTo(TISSUE);
      Pipeline other = Augmentation.of(List.of(entry)).pipeline();
      assertThat(Images.apply(other, TISSUE, SIDE, SIDE, 3, 12)).isEqualTo(second);
      assertThat(Images.apply(other, TISSUE, SIDE, SIDE, 3, 11)).isEqualTo(first);
    }
  }

  /** Prints the processor time per image; on a busy machine it cannot be asserted. */
  @Test
  void printsTheProcessorTimePerImage() {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    for (Map<String, Map<String, Object>> entry : EACH) {
      Pipeline pipeline = Augmentation.of(List.of(entry)).pipeline();
      byte[] out = new byte[TISSUE.length];
      int images = 3000;
      long start = 0;
      for (int i = 0; i < 2 * images; i++) {
        start = i == images ? clock.getCurrentThreadCpuTime() : start;
        pipeline.apply(TISSUE, 0, SIDE, SIDE, 3, i, out, 0);
      }
      double micros = (clock.getCurrentThreadCpuTime() - start) / 1e3 / images;
      System.out.printf("%s: %.1f µs per 32x32x3 image%n", entry.keySet(), micros);
      assertThat(out).isNotEqualTo(TISSUE);
    }
  }

  private static double[] densities(byte[] rgb, int at) {
    int p = at - at % 3;
    return new double[] {
      density(rgb[p] & 0xFF), density(rgb[p + 1] & 0xFF), density(rgb[p + 2] & 0xFF)
    };
  }

  private static double[] mean(byte[] rgb) {
    double[] mean = new double[3];
    for (int i = 0; i < rgb.length; i++) {
      mean[i % 3] += density(rgb[i] & 0xFF) * 3 / rgb.length;
    }
    return mean;
  }

  private static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }
}
