package cnnlab.plot.sheet;

import static cnnlab.plot.Pixels.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.plot.Picture;
import cnnlab.plot.sheet.HeatMapGrid.Panel;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeatMapGridTest {
  private static final HeatMapGrid.Key DROP =
      new HeatMapGrid.Key("occlusion", "drop", "for", "against");
  private static final List<HeatMapGrid.Key> KEY = List.of(DROP);

  /** Grey of 100 but for one pixel; the map is 1 at the first pixel and −0.5 at the last. */
  private static Panel panel() {
    byte[] pixels = new byte[32 * 32 * 3];
    Arrays.fill(pixels, (byte) 100);
    pixels[0] = 11;
    pixels[1] = 22;
    pixels[2] = 33;
    float[] map = new float[32 * 32];
    map[1] = 1;
    map[1023] = -0.5f;
    return new Panel(
        pixels, 32, 32, 3, List.of(map), List.of("true 1, predicted 1 (0.93)", "patch 7"));
  }

  @Test
  void theImageIsNextToItsMap() {
    Picture image = HeatMapGrid.draw("t", KEY, List.of(panel()));
    // Each pixel is a square of 6x6; the map turns the dark one grey.
    assertThat(count(image, 0x0B1621)).isEqualTo(36);
    // 100 with 85 % of (213, 94, 0) and with 42.5 % of (0, 114, 178).
    assertThat(count(image, 0xC45F0F)).isEqualTo(36);
    assertThat(count(image, 0x3A6A85)).isEqualTo(36);
    // All pixels of the image except one, and all of the map except three.
    int grey = 36 * (1023 + 1021);
    // The edge of a letter may have the same grey.
    assertThat(count(image, 0x646464)).isBetween((long) grey, grey + 200L);
  }

  @Test
  void mapsShareOneScale() {
    Panel one = panel();
    float[] tenfold = new float[1024];
    tenfold[0] = 10;
    Panel other = new Panel(one.pixels(), 32, 32, 3, List.of(tenfold), List.of());
    Picture image = HeatMapGrid.draw("t", KEY, List.of(one, other));
    assertThat(count(image, 0xC45F0F)).isZero();
  }

  @Test
  void aMapOfZerosIsGrey() {
    Panel flat =
        new Panel(
            new byte[4],
            2,
            2,
            1,
            List.of(new float[4]),
            List.of("a caption wider than the pictures"));
    Picture image = HeatMapGrid.draw("t", KEY, List.of(flat));
    assertThat(count(image, 0)).isEqualTo(2 * 192 * 192);
  }

  @Test
  void rowsAreFilledInReadingOrder() {
    Picture two = HeatMapGrid.draw("t", KEY, Collections.nCopies(2, panel()));
    Picture three = HeatMapGrid.draw("t", KEY, Collections.nCopies(3, panel()));
    assertThat(three.width()).isEqualTo(two.width()).isEqualTo(960);
    assertThat(three.height()).isGreaterThan(two.height() + 192);
  }

  /** Two kinds of maps: smaller pictures, a scale and a legend for each kind. */
  @Test
  void severalMapsLieSideBySide() {
    Panel one = panel();
    float[] second = new float[1024];
    second[1] = 50;
    second[2] = 25;
    Panel both = new Panel(one.pixels(), 32, 32, 3, List.of(one.maps().get(0), second), List.of());
    HeatMapGrid.Key cam = new HeatMapGrid.Key("Grad-CAM", "weight", "for", null);
    Picture image = HeatMapGrid.draw("t", List.of(DROP, cam), List.of(both));
    assertThat(count(image, 0x0B1621)).isEqualTo(16);
    // The full orange in both maps, half of it in the second, half of the blue in the first.
    assertThat(count(image, 0xC45F0F)).isEqualTo(32);
    assertThat(count(image, 0x94613A)).isEqualTo(16);
    assertThat(count(image, 0x3A6A85)).isEqualTo(16);
    Picture four = HeatMapGrid.draw("t", List.of(DROP, cam), Collections.nCopies(4, both));
    Picture six = HeatMapGrid.draw("t", List.of(DROP, cam), Collections.nCopies(6, both));
    assertThat(four.height() - image.height())
        .as("two in a row")
        .isEqualTo(six.height() - four.height())
        .isGreaterThan(128);
    assertThatThrownBy(() -> HeatMapGrid.draw("t", KEY, List.of(both)))
        .hasMessage("an image with 2 maps, expected one for each of 1 legends");
    assertThatThrownBy(() -> new Panel(new byte[4], 2, 2, 1, List.of(), List.of()))
        .hasMessageContaining("without maps");
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> HeatMapGrid.draw("t", KEY, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Panel(new byte[4], 2, 2, 1, List.of(new float[3]), List.of()))
        .hasMessageContaining("4 pixel bytes and a map of 3 values, expected 4 and 4 for 2x2x1");
    assertThatThrownBy(() -> new Panel(new byte[8], 2, 2, 2, List.of(new float[4]), List.of()))
        .hasMessageContaining("2 channels");
    assertThatThrownBy(
            () -> new Panel(new byte[1], 1, 1, 1, List.of(new float[] {Float.NaN}), List.of()))
        .hasMessageContaining("NaN");
  }
}
