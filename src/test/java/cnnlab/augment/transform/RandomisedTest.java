package cnnlab.augment.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.augment.Augmentation;
import cnnlab.augment.Images;
import cnnlab.augment.Pipeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;

class RandomisedTest {
  private static final Chance ALWAYS = Chance.of("randomised", 0, 1);
  private static final byte[] DARK = new byte[3];
  private static final byte[] TISSUE = Images.blobs(32, 3);

  /** Appends a digit to a pixel: v becomes 4·v + digit; remembers its seeds. */
  private static final class Digit extends MatTransform {
    private final int digit;
    private final List<Long> seeds = new ArrayList<>();

    Digit(int digit) {
      this.digit = digit;
    }

    @Override
    public boolean apply(Mat in, Mat out, long imageSeed) {
      seeds.add(imageSeed);
      if (digit == 0) {
        return false;
      }
      byte[] pixels = pixels(in);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) (4 * pixels[i] + digit);
      }
      out.data().put(pixels);
      return true;
    }
  }

  private static List<Digit> digits() {
    return List.of(new Digit(0), new Digit(1), new Digit(2), new Digit(3));
  }

  private static int apply(List<Digit> list, int count, long seed) {
    Pipeline pipeline =
        new Pipeline(List.of(new Randomised(List.<MatTransform>copyOf(list), count, ALWAYS)));
    return Images.apply(pipeline, DARK, 1, 1, 3, seed)[0] & 0xFF;
  }

  @Test
  void drawsUniformlyWithReplacementInAnyOrder() {
    // Two digits of base 4; digit 0 leaves the image alone, so that 0 and 1..3 come by more ways:
    // of 16 pairs, one gives nothing, two each give a single digit, and one each gives a pair.
    List<Digit> list = digits();
    int[] counts = new int[16];
    int trials = 16_000;
    for (int i = 0; i < trials; i++) {
      counts[apply(list, 2, ImageRandom.imageSeed(1, 1, i))]++;
    }
    for (int value = 0; value < 16; value++) {
      double ways = value == 0 ? 1 : value < 4 ? 2 : value % 4 == 0 ? 0 : 1;
      assertThat(counts[value] / (double) trials).isCloseTo(ways / 16, within(0.01));
    }
    assertThat(list.stream().mapToInt(d -> d.seeds.size()).sum()).isEqualTo(2 * trials);
  }

  @Test
  void eachDrawHasItsOwnRandomNumbers() {
    Digit only = new Digit(1);
    assertThat(apply(List.of(only), 3, 5)).isEqualTo(1 + 4 + 16);
    assertThat(new HashSet<>(only.seeds)).hasSize(3);
    Digit again = new Digit(1);
    apply(List.of(again), 3, 5);
    assertThat(again.seeds).isEqualTo(only.seeds);
  }

  @Test
  void anImageThatNoTransformChangesIsUnchanged() {
    assertThat(apply(List.of(new Digit(0)), 4, 1)).isZero();
    // One that the last transform leaves alone keeps what the others did.
    for (int count = 1; count < 4; count++) {
      Set<Integer> values = new HashSet<>();
      for (int seed = 0; seed < 400; seed++) {
        values.add(apply(List.of(new Digit(0), new Digit(1)), count, seed));
      }
      assertThat(values).hasSize(count + 1);
    }
  }

  private static Map<String, Object> entry(Object transforms, Object magnitude, String list) {
    return Map.of(
        "randomised", Map.of("transforms", transforms, "magnitude", magnitude, "list", list));
  }

  private static byte[] randomised(double magnitude, String list, long seed) {
    Pipeline pipeline = Augmentation.of(List.of(entry(2, magnitude, list))).pipeline();
    return Images.apply(pipeline, TISSUE, 32, 32, 3, seed);
  }

  @Test
  void sameSeedSameImageAndOtherSeedsOthers() {
    Set<Integer> found = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      byte[] first = randomised(6, "all", seed);
      assertThat(randomised(6, "all", seed)).isEqualTo(first);
      found.add(Arrays.hashCode(first));
    }
    assertThat(found).hasSizeGreaterThan(40);
  }

  @Test
  void changesGrowWithTheMagnitude() {
    for (String list : List.of("all", "colour")) {
      double before = -1;
      for (double magnitude : new double[] {0, 2, 5, 10}) {
        double sum = 0;
        for (int seed = 0; seed < 100; seed++) {
          sum += Images.difference(randomised(magnitude, list, seed), TISSUE) / 100;
        }
        assertThat(sum).isGreaterThan(1.3 * before);
        // At 0, JPEG of quality 100 still rounds.
        assertThat(magnitude != 0 || sum < 0.5).isTrue();
        before = sum;
      }
    }
  }

  @Test
  void onlyTheListOfAllMovesPixels() {
    // One white pixel on grey: colours keep it the brightest, in its place, but for the blur.
    byte[] spot = new byte[32 * 32 * 3];
    Arrays.fill(spot, (byte) 100);
    int centre = 3 * (8 * 32 + 8);
    Arrays.fill(spot, centre, centre + 3, (byte) 255);
    int moved = 0;
    for (int seed = 0; seed < 300; seed++) {
      assertThat(brightest(spot, "colour", seed)).isEqualTo(centre / 3);
      moved += brightest(spot, "all", seed) == centre / 3 ? 0 : 1;
    }
    assertThat(moved).isBetween(30, 270);
  }

  private static int brightest(byte[] image, String list, long seed) {
    Pipeline pipeline = Augmentation.of(List.of(entry(2, 10, list))).pipeline();
    int[] out = Images.ints(Images.apply(pipeline, image, 32, 32, 3, seed));
    int best = 8 * 32 + 8;
    for (int p = 0; p < 32 * 32; p++) {
      best = out[3 * p + 1] > out[3 * best + 1] ? p : best;
    }
    return best;
  }

  @Test
  void refusesGreyImagesAndWrongParameters() {
    Pipeline pipeline = Augmentation.of(List.of(entry(2, 5, "all"))).pipeline();
    assertThatThrownBy(() -> Images.apply(pipeline, new byte[16], 4, 4, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "randomised: an image of 1 channel(s) found, 3 (RGB) expected; leave randomised out for grey images");
    assertRefused(entry(0, 5, "all"), "randomised.transforms: 0 found, a number from 1 to 20");
    assertRefused(entry(1.5, 5, "all"), "randomised.transforms: 1.5 found, a whole number");
    assertRefused(entry(2, 11, "all"), "randomised.magnitude: 11 found, a number from 0 to 10");
    assertRefused(entry(2, 5, "tone"), "randomised.list: tone found, one of all, colour expected");
  }

  private static void assertRefused(Map<String, Object> entry, String message) {
    assertThatThrownBy(() -> Augmentation.of(List.of(entry)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
