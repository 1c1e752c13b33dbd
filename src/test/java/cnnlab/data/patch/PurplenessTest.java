package cnnlab.data.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.data.ImageSet;
import org.junit.jupiter.api.Test;

class PurplenessTest {
  /** The colour of one unit of a stain on white: 256·10^−density − 1. */
  private static byte[] stained(int stain, double amount) {
    byte[] pixel = new byte[3];
    for (int c = 0; c < 3; c++) {
      pixel[c] = OpticalDensity.level((float) (amount * Stains.density(stain, c)));
    }
    return pixel;
  }

  @Test
  void meansAreTheAmountsOfStain() {
    byte[] haematoxylin = stained(Stains.HAEMATOXYLIN, 0.5);
    assertThat(Purpleness.HAEMATOXYLIN.mean(haematoxylin, 0, 1)).isCloseTo(0.5, within(0.01));
    assertThat(Purpleness.EOSIN.mean(haematoxylin, 0, 1)).isCloseTo(0, within(0.01));
    byte[] eosin = stained(Stains.EOSIN, 0.3);
    assertThat(Purpleness.HAEMATOXYLIN.mean(eosin, 0, 1)).isCloseTo(0, within(0.01));
    assertThat(Purpleness.EOSIN.mean(eosin, 0, 1)).isCloseTo(0.3, within(0.01));
  }

  @Test
  void meansOfPixelsFromAnOffset() {
    byte[] pixels = {9, 9, 9, (byte) 200, 100, (byte) 180, (byte) 255, (byte) 255, (byte) 255};
    assertThat(Purpleness.MAGENTA.mean(pixels, 3, 2)).isEqualTo((190 - 100) / 2.0);
    assertThat(Purpleness.PINKNESS.mean(pixels, 3, 2)).isEqualTo((200 - 100) / 2.0);
    assertThat(Purpleness.DARKNESS.mean(pixels, 6, 1)).isZero();
    double dark =
        -(Math.log10(201 / 256.0) + Math.log10(101 / 256.0) + Math.log10(181 / 256.0)) / 3;
    assertThat(Purpleness.DARKNESS.mean(pixels, 3, 1)).isCloseTo(dark, within(1e-6));
  }

  @Test
  void leavesWhiteAndGreyUnchanged() {
    byte[] grey = {100, 100, 100, (byte) 255, (byte) 255, (byte) 255};
    assertThat(Purpleness.MAGENTA.mean(grey, 0, 2)).isZero();
    assertThat(Purpleness.PINKNESS.mean(grey, 0, 2)).isZero();
  }

  @Test
  void givesTheMeanOfEveryImage() {
    byte[] pixels = {50, 20, 10, 7, 7, 7};
    ImageSet set = new ImageSet("two", 3, 1, 1, 2, pixels, new int[] {0, 1});
    assertThat(Purpleness.PINKNESS.means(set)).containsExactly(30, 0);
    ImageSet grey = new ImageSet("grey", 1, 1, 1, 2, new byte[2], new int[] {0, 1});
    assertThatThrownBy(() -> Purpleness.PINKNESS.means(grey))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "grey: images of 1 channel(s) found, 3 (RGB) expected, because grey images have no purple");
  }
}
