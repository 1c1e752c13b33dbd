package cnnlab.augment.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.augment.Augmentation;
import cnnlab.augment.Images;
import cnnlab.augment.Pipeline;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JpegTest {
  private static final int SIDE = 32;

  private static byte[] jpeg(byte[] image, int channels, int lowest, int highest, long seed) {
    Map<String, Object> range = Map.of("lowest", lowest, "highest", highest);
    return Images.apply(Images.pipeline("jpeg", range), image, SIDE, SIDE, channels, seed);
  }

  /** Smooth colours, [32, 32, 3]: red grows to the right, green downwards, blue is a blob. */
  private static byte[] colours() {
    byte[] blobs = Images.blobs(SIDE, 1);
    byte[] rgb = new byte[3 * SIDE * SIDE];
    for (int p = 0; p < SIDE * SIDE; p++) {
      rgb[3 * p] = (byte) (7 * (p % SIDE));
      rgb[3 * p + 1] = (byte) (7 * (p / SIDE));
      rgb[3 * p + 2] = blobs[p];
    }
    return rgb;
  }

  /** As another implementation compresses: Java's, with the same tables and 4:2:0. */
  private static byte[] javasJpeg(byte[] rgb, int quality) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < SIDE * SIDE; p++) {
      int colour = (rgb[3 * p] & 0xFF) << 16 | (rgb[3 * p + 1] & 0xFF) << 8 | rgb[3 * p + 2] & 0xFF;
      image.setRGB(p % SIDE, p / SIDE, colour);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam options = writer.getDefaultWriteParam();
    options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    options.setCompressionQuality(quality / 100f);
    writer.setOutput(ImageIO.createImageOutputStream(file));
    writer.write(null, new IIOImage(image, null, null), options);
    writer.dispose();
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(file.toByteArray()));
    byte[] out = new byte[rgb.length];
    for (int p = 0; p < SIDE * SIDE; p++) {
      int colour = read.getRGB(p % SIDE, p / SIDE);
      out[3 * p] = (byte) (colour >> 16);
      out[3 * p + 1] = (byte) (colour >> 8);
      out[3 * p + 2] = (byte) colour;
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 30, 50, 75, 90})
  void agreesWithAnotherImplementation(int quality) throws IOException {
    byte[] ours = jpeg(colours(), 3, quality, quality, 1);
    byte[] javas = javasJpeg(colours(), quality);
    assertThat(Images.difference(ours, colours())).isGreaterThan(1);
    assertThat(Images.difference(ours, javas)).isLessThan(0.5);
  }

  @Test
  void storesRedFinerThanBlue() {
    // A chequerboard of red has 0.299 of its contrast in luminance, which keeps all pixels, one of
    // blue 0.114; the rest is colour, which is averaged over 2x2 pixels. In all three channels
    // only the luminance is left.
    int[] channels = {0, 2};
    double[] luminance = {0.299, 0.114};
    for (int t = 0; t < 2; t++) {
      byte[] image = new byte[3 * SIDE * SIDE];
      Arrays.fill(image, (byte) 128);
      for (int p = 0; p < SIDE * SIDE; p++) {
        boolean bright = (p % SIDE + p / SIDE) % 2 == 0;
        image[3 * p + channels[t]] = (byte) (bright ? 178 : 78);
      }
      int[] out = Images.ints(jpeg(image, 3, 100, 100, 1));
      int middle = 3 * (16 * SIDE + 16);
      for (int c = 0; c < 3; c++) {
        double contrast = out[middle + c] - out[middle + 3 + c];
        assertThat(contrast).isCloseTo(100 * luminance[t], within(3.0));
      }
    }
  }

  @Test
  void lowerQualitiesLoseMore() {
    byte[] image = colours();
    double before = 0.9;
    for (int quality : new int[] {100, 80, 50, 20, 5}) {
      double loss = Images.difference(jpeg(image, 3, quality, quality, 1), image);
      assertThat(loss).isGreaterThan(quality == 100 ? 0 : before);
      before = loss;
    }
    assertThat(Images.difference(jpeg(image, 3, 100, 100, 1), image)).isLessThan(1.5);
  }

  @Test
  void drawsEveryQualityOfTheRangeAndNoOther() {
    byte[] image = colours();
    Set<Integer> allowed = new HashSet<>();
    for (int quality = 30; quality <= 33; quality++) {
      allowed.add(Arrays.hashCode(jpeg(image, 3, quality, quality, 1)));
    }
    Set<Integer> found = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      found.add(Arrays.hashCode(jpeg(image, 3, 30, 33, seed)));
    }
    assertThat(allowed).hasSize(4);
    assertThat(found).isEqualTo(allowed);
  }

  @Test
  void greyImagesStayGrey() {
    byte[] grey = Images.blobs(SIDE, 1);
    byte[] out = jpeg(grey, 1, 30, 30, 1);
    assertThat(Images.difference(out, grey)).isBetween(0.2, 5.0);
    assertThat(jpeg(grey, 1, 30, 30, 2)).isEqualTo(out);
  }

  @Test
  void sameSeedSameImageOnEveryThread() throws InterruptedException {
    Augmentation augmentation =
        Augmentation.of(List.of(Map.of("jpeg", Map.of("lowest", 5, "highest", 95))));
    byte[][] expected = new byte[60][];
    Pipeline one = augmentation.pipeline();
    for (int seed = 0; seed < expected.length; seed++) {
      expected[seed] = Images.apply(one, colours(), SIDE, SIDE, 3, seed);
    }
    byte[][] found = new byte[expected.length][];
    Thread[] threads = new Thread[3];
    for (int t = 0; t < threads.length; t++) {
      int first = t;
      threads[t] =
          new Thread(
              () -> {
                Pipeline own = augmentation.pipeline();
                for (int seed = first; seed < found.length; seed += threads.length) {
                  found[seed] = Images.apply(own, colours(), SIDE, SIDE, 3, seed);
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(found).isDeepEqualTo(expected);
    assertThat(expected[0]).isNotEqualTo(expected[1]);
  }

  @Test
  void refusesTwoChannels() {
    Pipeline pipeline = Images.pipeline("jpeg", Map.of("lowest", 50));
    assertThatThrownBy(() -> Images.apply(pipeline, new byte[32], 4, 4, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "jpeg: an image of 2 channels found, 1 (grey) or 3 (RGB) expected; leave jpeg out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0    | 90  | jpeg.lowest: 0 found, a number from 1 to 100 expected (JPEG quality)
          40.5 | 90  | jpeg.lowest: 40.5 found, a whole number from 1 to 100 expected (JPEG quality)
          50   | 40  | jpeg.highest: 40 found, a number from 50 to 100 expected (JPEG quality)
          50   | 101 | jpeg.highest: 101 found
          50   | 60.5 | jpeg.highest: 60.5 found, a whole number from 50 to 100
          """)
  void refuses(String lowest, String highest, String message) {
    Map<String, Object> range = Map.of("lowest", number(lowest), "highest", number(highest));
    assertThatThrownBy(() -> Images.pipeline("jpeg", range))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static Number number(String text) {
    return text.contains(".") ? (Number) Double.valueOf(text) : Integer.valueOf(text);
  }

  @Test
  void highestIs95UnlessLowestIsMore() {
    assertThat(highest(40)).isEqualTo(95.0);
    assertThat(highest(98)).isEqualTo(98.0);
  }

  private static Object highest(int lowest) {
    return Augmentation.of(List.of(Map.of("jpeg", Map.of("lowest", lowest))))
        .transforms()
        .get(0)
        .parameters()
        .get("highest");
  }
}
