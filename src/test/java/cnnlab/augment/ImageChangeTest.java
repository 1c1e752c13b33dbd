package cnnlab.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.augment.colour.ColourChange;
import cnnlab.augment.transform.Pose;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageChangeTest {
  private static final int SIDE = 9;
  private static final ColourChange.Values NO_COLOUR = ImageChange.NONE.colours();

  private static byte[] image(int channels) {
    byte[] pixels = new byte[SIDE * SIDE * channels];
    new Random(1).nextBytes(pixels);
    return pixels;
  }

  private static ImageChange pose(double degrees, double magnification, double right, double down) {
    return new ImageChange(
        false, false, new Pose.Values(degrees, 0, magnification, right, down), 0, 1, NO_COLOUR);
  }

  private static byte at(byte[] image, int y, int x) {
    return image[y * SIDE + x];
  }

  @Test
  void noChangeLeavesEveryByte() {
    byte[] grey = image(1);
    byte[] colour = image(3);
    assertThat(ImageChange.NONE.apply(grey, SIDE, SIDE, 1)).isEqualTo(grey).isNotSameAs(grey);
    assertThat(ImageChange.NONE.apply(colour, SIDE, SIDE, 3)).isEqualTo(colour);
  }

  @Test
  void positiveAnglesTurnCounterClockwise() {
    byte[] image = image(1);
    byte[] turned = pose(90, 1, 0, 0).apply(image, SIDE, SIDE, 1);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        // The right column becomes the top row.
        assertThat(at(turned, y, x)).isEqualTo(at(image, x, SIDE - 1 - y));
      }
    }
  }

  @Test
  void shiftsMoveToTheRightAndDownAndLeaveBlack() {
    byte[] image = image(1);
    byte[] moved = pose(0, 1, 2, 1).apply(image, SIDE, SIDE, 1);
    assertThat(at(moved, 1, 2)).isEqualTo(at(image, 0, 0));
    assertThat(at(moved, 8, 8)).isEqualTo(at(image, 7, 6));
    assertThat(at(moved, 0, 5)).isZero();
    assertThat(at(moved, 5, 1)).isZero();
  }

  @Test
  void magnificationKeepsTheCentreAndDoublesDistances() {
    byte[] image = image(1);
    byte[] large = pose(0, 2, 0, 0).apply(image, SIDE, SIDE, 1);
    assertThat(at(large, 4, 4)).isEqualTo(at(image, 4, 4));
    assertThat(at(large, 4, 6)).isEqualTo(at(image, 4, 5));
    assertThat(at(large, 0, 2)).isEqualTo(at(image, 2, 3));
  }

  @Test
  void flipsExchangeSides() {
    byte[] image = image(3);
    byte[] flipped =
        new ImageChange(true, true, ImageChange.NONE.pose(), 0, 1, NO_COLOUR)
            .apply(image, SIDE, SIDE, 3);
    int last = image.length - 3;
    for (int c = 0; c < 3; c++) {
      assertThat(flipped[c]).isEqualTo(image[last + c]);
    }
  }

  @Test
  void brightnessIsAPartOfTheWholeRangeAndContrastKeepsTheMean() {
    byte[] image = {100, 50, 0, (byte) 250};
    byte[] bright =
        new ImageChange(false, false, ImageChange.NONE.pose(), 0.1, 1, NO_COLOUR)
            .apply(image, 2, 2, 1);
    assertThat(bright).containsExactly((byte) 126, (byte) 76, (byte) 26, (byte) 255);
    byte[] flat =
        new ImageChange(false, false, ImageChange.NONE.pose(), 0, 0, NO_COLOUR)
            .apply(image, 2, 2, 1);
    assertThat(flat).containsOnly((byte) 100);
  }

  @Test
  void coloursOfRgbImagesChangeAndGreyOnesDoNot() {
    ImageChange pale =
        new ImageChange(
            false, false, ImageChange.NONE.pose(), 0, 1, new ColourChange.Values(0.5, 0.5, 0, 1));
    byte[] purple = {(byte) 120, 60, (byte) 140};
    byte[] paler = pale.apply(purple, 1, 1, 3);
    for (int c = 0; c < 3; c++) {
      assertThat(paler[c] & 0xFF).isGreaterThan(purple[c] & 0xFF);
    }
    byte[] grey = image(1);
    assertThat(pale.apply(grey, SIDE, SIDE, 1)).isEqualTo(grey);
    ImageChange withoutColour =
        new ImageChange(
            false, false, ImageChange.NONE.pose(), 0, 1, new ColourChange.Values(1, 1, 0, 0));
    byte[] levels = withoutColour.apply(purple, 1, 1, 3);
    assertThat(levels[0]).isEqualTo(levels[1]).isEqualTo(levels[2]);
  }

  @Test
  void valuesMustBeNumbers() {
    assertThatThrownBy(() -> new Pose.Values(Double.NaN, 0, 1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rotation NaN");
    assertThatThrownBy(() -> new Pose.Values(0, 0, 0, 0, 0))
        .hasMessageContaining("the magnification above 0");
    assertThatThrownBy(
            () -> new ImageChange(false, false, ImageChange.NONE.pose(), 0, 1 / 0.0, NO_COLOUR))
        .hasMessageContaining("contrast Infinity");
  }
}
