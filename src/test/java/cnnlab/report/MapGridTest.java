package cnnlab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.report.MapGrid.Panel;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MapGridTest {
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
    return new Panel(pixels, 32, 32, 3, map, List.of("true 1, predicted 1 (0.93)", "patch 7"));
  }

  @Test
  void theImageStandsBesideItsMap() {
    BufferedImage image = MapGrid.draw("t", "drop", List.of(panel()), 1);
    // Each pixel is a square of 4x4; the map turns the dark one grey.
    assertThat(count(image, 0x0B1621)).isEqualTo(16);
    // 100 with 85 % of (213, 94, 0) and with 42.5 % of (0, 114, 178).
    assertThat(count(image, 0xC45F0F)).isEqualTo(16);
    assertThat(count(image, 0x3A6A85)).isEqualTo(16);
    // All but one pixel of the image, all but three of the map.
    int grey = 16 * (1023 + 1021);
    // The edge of a letter may happen to be of the same grey.
    assertThat(count(image, 0x646464)).isBetween((long) grey, grey + 50L);
  }

  @Test
  void mapsShareOneScale() {
    Panel one = panel();
    float[] tenfold = new float[1024];
    tenfold[0] = 10;
    Panel other = new Panel(one.pixels(), 32, 32, 3, tenfold, List.of());
    BufferedImage image = MapGrid.draw("t", "drop", List.of(one, other), 2);
    assertThat(count(image, 0xC45F0F)).isZero();
  }

  @Test
  void aMapOfZerosIsGrey() {
    Panel flat =
        new Panel(new byte[4], 2, 2, 1, new float[4], List.of("a caption wider than the pictures"));
    BufferedImage image = MapGrid.draw("t", "drop", List.of(flat), 3);
    assertThat(count(image, 0)).isEqualTo(2 * 128 * 128);
  }

  @Test
  void rowsAreFilledInReadingOrder() {
    BufferedImage two = MapGrid.draw("t", "drop", Collections.nCopies(2, panel()), 2);
    BufferedImage three = MapGrid.draw("t", "drop", Collections.nCopies(3, panel()), 2);
    assertThat(three.getWidth()).isEqualTo(two.getWidth());
    assertThat(three.getHeight()).isGreaterThan(two.getHeight() + 128);
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> MapGrid.draw("t", "drop", List.of(), 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Panel(new byte[4], 2, 2, 1, new float[3], List.of()))
        .hasMessageContaining("4 pixel bytes and a map of 3 values, expected 4 and 4 for 2x2x1");
    assertThatThrownBy(() -> new Panel(new byte[8], 2, 2, 2, new float[4], List.of()))
        .hasMessageContaining("2 channels");
    assertThatThrownBy(() -> new Panel(new byte[1], 1, 1, 1, new float[] {Float.NaN}, List.of()))
        .hasMessageContaining("NaN");
  }

  private static long count(BufferedImage image, int colour) {
    int width = image.getWidth();
    return IntStream.of(image.getRGB(0, 0, width, image.getHeight(), null, 0, width))
        .filter(p -> (p & 0xFFFFFF) == colour)
        .count();
  }
}
