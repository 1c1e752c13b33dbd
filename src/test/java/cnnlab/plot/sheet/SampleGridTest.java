package cnnlab.plot.sheet;

import static cnnlab.plot.Pixels.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.plot.Picture;
import cnnlab.plot.sheet.SampleGrid.Sample;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleGridTest {

  private static final int RED = 0xDC3D3D;

  @Test
  void onlyWrongPredictionsAreMarked() {
    Picture image = SampleGrid.draw("t", List.of(grey("7", "7"), grey("7", "9")));
    assertThat(count(image, RED, 0, 480, 0, image.height())).isZero();
    // A frame of 4 pixels around 168 is more than 2000 pixels, the text and the cross come on top.
    assertThat(count(image, RED, 480, 960, 0, image.height())).isGreaterThan(2000);
  }

  @Test
  void unknownLabelsAreNotMarked() {
    Picture image = SampleGrid.draw("t", List.of(grey(null, "9")));
    assertThat(count(image, RED)).isZero();
  }

  @Test
  void pixelsAreEnlargedByAnIntegerFactor() {
    byte[] pixels = new byte[28 * 28 * 3];
    Arrays.fill(pixels, 0, 3 * 28 * 28, (byte) 0);
    pixels[3 * (28 * 10 + 10)] = 11;
    pixels[3 * (28 * 10 + 10) + 1] = 22;
    pixels[3 * (28 * 10 + 10) + 2] = 33;
    Sample sample = new Sample(pixels, 28, 28, 3, "a", "a", 1);
    Picture image = SampleGrid.draw("t", List.of(sample));
    assertThat(count(image, 0x0B1621)).isEqualTo(36);
  }

  @Test
  void rowsAreFilledAndPicturesGrowWithTheirNumber() {
    Picture two = SampleGrid.draw("t", Collections.nCopies(2, grey("1", "1")));
    Picture four = SampleGrid.draw("t", Collections.nCopies(4, grey("1", "1")));
    Picture five = SampleGrid.draw("t", Collections.nCopies(5, grey("1", "1")));
    assertThat(two.width()).isEqualTo(five.width()).isEqualTo(960);
    assertThat(two.height()).isEqualTo(four.height()).isLessThan(five.height());
  }

  @Test
  void longTitlesAreWrappedAndLongCaptionsTakeTwoLines() {
    String title =
        "the median run: a title that is wider than the picture is, so that it is broken";
    List<Sample> one = List.of(grey("1", "1"));
    assertThat(SampleGrid.draw(title, one).height())
        .isGreaterThan(SampleGrid.draw("t", one).height());
    assertThat(SampleGrid.draw("t", List.of(grey("normal", "tumour"))).height())
        .isGreaterThan(SampleGrid.draw("t", one).height());
  }

  @Test
  void captionsNameTrueAndPredictedClasses() {
    List<Sample> known = List.of(grey("7", "9"));
    assertThat(SampleGrid.key(known)).startsWith("true class → predicted class");
    assertThat(SampleGrid.caption(known.get(0), 1)).containsExactly("7 → 9 (0.93)");
    assertThat(SampleGrid.caption(known.get(0), 2)).containsExactly("7 → 9", "(0.93)");
    List<Sample> unknown = List.of(grey(null, "9"));
    assertThat(SampleGrid.key(unknown)).startsWith("predicted class");
    assertThat(SampleGrid.caption(unknown.get(0), 1)).containsExactly("9 (0.93)");
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> SampleGrid.draw("t", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Sample(new byte[5], 2, 2, 1, "a", "b", 0))
        .hasMessageContaining("5 pixel bytes, expected 4");
    assertThatThrownBy(() -> new Sample(new byte[8], 2, 2, 2, "a", "b", 0))
        .hasMessageContaining("2 channels");
  }

  private static Sample grey(String truth, String predicted) {
    return new Sample(new byte[28 * 28], 28, 28, 1, truth, predicted, 0.93);
  }
}
