package cnnlab.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.data.ImageSet;
import cnnlab.data.patch.OpticalDensity;
import cnnlab.data.patch.Stains;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
  /** A stroke along x = 13.5 + slope·(y - 13.5), thick enough to be smooth. */
  private static byte[] stroke(double slope) {
    byte[] image = new byte[784];
    for (int y = 6; y < 22; y++) {
      for (int x = 0; x < 28; x++) {
        double off = x - 13.5 - slope * (y - 13.5);
        image[y * 28 + x] = (byte) Math.round(255 * Math.exp(-off * off / 4));
      }
    }
    return image;
  }

  /** µ11/µ02 of a 28x28 image. */
  private static double slope(byte[] image) {
    double mass = 0;
    double cx = 0;
    double cy = 0;
    for (int i = 0; i < 784; i++) {
      mass += image[i] & 0xFF;
      cx += (image[i] & 0xFF) * (i % 28);
      cy += (image[i] & 0xFF) * (i / 28);
    }
    cx /= mass;
    cy /= mass;
    double mu11 = 0;
    double mu02 = 0;
    for (int i = 0; i < 784; i++) {
      mu11 += (image[i] & 0xFF) * (i % 28 - cx) * (i / 28 - cy);
      mu02 += (image[i] & 0xFF) * (i / 28 - cy) * (i / 28 - cy);
    }
    return mu11 / mu02;
  }

  private static byte[] deslanted(byte[] image) {
    return Images.apply(Preprocessing.of(List.of("deslant")).pipeline(), image, 28, 28, 1, 0);
  }

  @Test
  void makesStrokesUpright() {
    for (double slope : new double[] {-0.6, -0.2, 0.3, 0.7}) {
      assertThat(slope(stroke(slope))).isCloseTo(slope, within(0.02));
      byte[] upright = deslanted(stroke(slope));
      assertThat(slope(upright)).isCloseTo(0, within(0.02));
      assertThat(Images.difference(upright, stroke(0))).isLessThan(2);
    }
  }

  @Test
  void leavesEmptyAndFlatImagesAlone() {
    assertThat(deslanted(new byte[784])).isEqualTo(new byte[784]);
    byte[] line = new byte[784];
    Arrays.fill(line, 280, 300, (byte) 255);
    assertThat(deslanted(line)).isEqualTo(line);
  }

  @Test
  void appliesToWholeSets() {
    byte[] pixels = new byte[2 * 784];
    System.arraycopy(stroke(0.5), 0, pixels, 0, 784);
    System.arraycopy(stroke(-0.5), 0, pixels, 784, 784);
    ImageSet set = new ImageSet("strokes", 1, 28, 28, 2, pixels, new int[] {0, 1});
    assertThat(Preprocessing.NONE.apply(set)).isSameAs(set);
    ImageSet done = Preprocessing.of(List.of(Map.of("deslant", Map.of()))).apply(set);
    assertThat(done.labels()).containsExactly(0, 1);
    assertThat(done.name()).isEqualTo("strokes");
    assertThat(Arrays.copyOfRange(done.pixels(), 784, 1568)).isEqualTo(deslanted(stroke(-0.5)));
    assertThat(set.pixels()).isEqualTo(pixels);
  }

  @Test
  void refusesWhatIsRandomOrUnknown() {
    assertThatThrownBy(() -> Preprocessing.of(List.of(Map.of("rotate", Map.of("degrees", 5)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "preprocessing[1]: unknown transform 'rotate'. Known: deslant, stainNormalise, stainMatch");
    assertThatThrownBy(() -> Preprocessing.of(List.of(Map.of("deslant", Map.of("x", 5)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown parameter 'x'");
  }

  /** Purple spots on pink with every channel dimmed, like the stain of another laboratory. */
  private static byte[] tissue(double haematoxylin, double eosin) {
    byte[] blobs = Images.blobs(32, 1);
    byte[] rgb = new byte[3 * blobs.length];
    for (int i = 0; i < rgb.length; i++) {
      double nuclei = haematoxylin * (0.2 + (blobs[i / 3] & 0xFF) / 255.0);
      double fibres = eosin * (0.5 + i / 3 % 32 / 32.0);
      double density =
          nuclei * Stains.density(Stains.HAEMATOXYLIN, i % 3)
              + fibres * Stains.density(Stains.EOSIN, i % 3);
      rgb[i] = OpticalDensity.level((float) density);
    }
    return rgb;
  }

  private static byte[] normalised(byte[] rgb, double strength) {
    Map<String, Object> entry = Map.of("stainNormalise", Map.of("strength", strength));
    return Images.apply(Preprocessing.of(List.of(entry)).pipeline(), rgb, 32, 32, 3, 0);
  }

  @Test
  void movesStainingsCloser() {
    byte[] weak = tissue(1.2, 0.24);
    byte[] strong = tissue(1.8, 0.36);
    double before = Images.difference(weak, strong);
    double half = Images.difference(normalised(weak, 0.5), normalised(strong, 0.5));
    assertThat(half).isLessThan(0.7 * before);
    assertThat(Images.difference(normalised(weak, 1), normalised(strong, 1)))
        .isLessThan(0.05 * before);
    assertThat(normalised(weak, 0)).isEqualTo(weak);
  }

  @Test
  void normalisesToTheTargetMeansWithinAFactorOfTwo() {
    byte[] done = normalised(tissue(1.2, 0.24), 1);
    double[] target = {0.195, 0.376, 0.196};
    for (int c = 0; c < 3; c++) {
      assertThat(OpticalDensity.mean(done, c)).isCloseTo(target[c], within(0.01));
    }
    byte[] faint = tissue(0.05, 0.02);
    double red = OpticalDensity.mean(faint, 0);
    assertThat(OpticalDensity.mean(normalised(faint, 1), 0)).isCloseTo(2 * red, within(0.005));
  }

  @Test
  void keepsWhiteWhite() {
    byte[] white = new byte[32 * 32 * 3];
    Arrays.fill(white, (byte) 255);
    assertThat(normalised(white, 1)).isEqualTo(white);
    byte[] tissue = tissue(0.5, 0.1);
    Arrays.fill(tissue, 0, 30, (byte) 255);
    byte[] done = normalised(tissue, 1);
    assertThat(Arrays.copyOf(done, 30)).containsOnly(255);
    assertThat(done[30]).isNotEqualTo(tissue[30]);
  }

  @Test
  void normalisingRefusesGreyAndTooMuch() {
    Map<String, Object> wrong = Map.of("stainNormalise", Map.of("strength", 2));
    assertThatThrownBy(() -> Preprocessing.of(List.of(wrong)))
        .hasMessage(
            "preprocessing[1]: stainNormalise.strength: 2 found, a number from 0 to 1 expected (1 is full strength)");
    assertThatThrownBy(
            () ->
                Images.apply(
                    Preprocessing.of(List.of("stainNormalise")).pipeline(),
                    new byte[16],
                    4,
                    4,
                    1,
                    0))
        .hasMessageContaining("1 channel(s) found, 3 (RGB) expected");
  }
}
