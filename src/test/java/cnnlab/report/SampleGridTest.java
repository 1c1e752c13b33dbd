package cnnlab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.report.SampleGrid.Sample;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleGridTest {

  private static final int RED = 0xC81E1E;

  @Test
  void onlyTheWrongOneIsMarked() {
    BufferedImage image = SampleGrid.draw("t", List.of(grey("7", "7"), grey("7", "9")), 2);
    int middle = image.getWidth() / 2;
    assertThat(count(image, 0, middle, RED)).isZero();
    // A frame of 3 pixels around 84 is more than 1000 pixels, the text and the cross come on top.
    assertThat(count(image, middle, image.getWidth(), RED)).isGreaterThan(1000);
  }

  @Test
  void unknownTruthIsNotWrong() {
    BufferedImage image = SampleGrid.draw("t", List.of(grey(null, "9")), 8);
    assertThat(count(image, 0, image.getWidth(), RED)).isZero();
  }

  @Test
  void pixelsAreEnlargedByAWholeFactor() {
    byte[] pixels = new byte[28 * 28 * 3];
    Arrays.fill(pixels, 0, 3 * 28 * 28, (byte) 0);
    pixels[3 * (28 * 10 + 10)] = 11;
    pixels[3 * (28 * 10 + 10) + 1] = 22;
    pixels[3 * (28 * 10 + 10) + 2] = 33;
    Sample sample = new Sample(pixels, 28, 28, 3, "a", "a", 1);
    BufferedImage image = SampleGrid.draw("t", List.of(sample), 1);
    assertThat(count(image, 0, image.getWidth(), 0x0B1621)).isEqualTo(9);
  }

  @Test
  void lessThanARowIsNotPadded() {
    BufferedImage two = SampleGrid.draw("t", Collections.nCopies(2, grey("1", "1")), 8);
    BufferedImage eight = SampleGrid.draw("t", Collections.nCopies(8, grey("1", "1")), 8);
    BufferedImage nine = SampleGrid.draw("t", Collections.nCopies(9, grey("1", "1")), 8);
    assertThat(two.getWidth()).isLessThan(eight.getWidth());
    assertThat(two.getHeight()).isEqualTo(eight.getHeight()).isLessThan(nine.getHeight());
  }

  @Test
  void theTitleIsNotCutOff() {
    String title = "the median run: a title that is wider than one image and its caption";
    BufferedImage one = SampleGrid.draw(title, List.of(grey("1", "1")), 8);
    assertThat(one.getWidth()).isGreaterThan(500);
    BufferedImage eight = SampleGrid.draw("t", Collections.nCopies(8, grey("1", "1")), 8);
    assertThat(SampleGrid.draw(title, Collections.nCopies(8, grey("1", "1")), 8).getWidth())
        .isEqualTo(eight.getWidth());
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> SampleGrid.draw("t", List.of(), 8))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Sample(new byte[5], 2, 2, 1, "a", "b", 0))
        .hasMessageContaining("5 pixel bytes, expected 4");
    assertThatThrownBy(() -> new Sample(new byte[8], 2, 2, 2, "a", "b", 0))
        .hasMessageContaining("2 channels");
  }

  private static Sample grey(String truth, String predicted) {
    return new Sample(new byte[28 * 28], 28, 28, 1, truth, predicted, 0.93);
  }

  private static long count(BufferedImage image, int from, int to, int colour) {
    return IntStream.range(0, image.getHeight())
        .mapToLong(
            y ->
                IntStream.range(from, to)
                    .filter(x -> (image.getRGB(x, y) & 0xFFFFFF) == colour)
                    .count())
        .sum();
  }

  @Test
  void theCaptionSaysWhatIsTrueAndWhatIsPredicted() {
    assertThat(SampleGrid.caption(grey("7", "9"))).startsWith("true 7 · predicted 9 (");
    assertThat(SampleGrid.caption(grey(null, "9"))).startsWith("predicted 9 (");
  }
}
