package cnnlab.plot.sheet;

import static cnnlab.plot.Pixels.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.plot.Picture;
import cnnlab.plot.Pixels;
import cnnlab.plot.sheet.MapSheet.Band;
import cnnlab.plot.sheet.MapSheet.Tile;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MapSheetTest {
  /** 28x28 values of 0 but for the first two. */
  private static Tile tile(float first, float second) {
    float[] values = new float[28 * 28];
    values[0] = first;
    values[1] = second;
    return new Tile("0", values);
  }

  private static Band band(Tile... tiles) {
    return new Band("group", 28, 28, List.of(tiles));
  }

  @Test
  void theLargestValueHasTheFullColourOfItsSign() {
    Picture positive = MapSheet.draw("t", List.of(band(tile(2, 0))));
    Picture negative = MapSheet.draw("t", List.of(band(tile(-2, 0))));
    // Each value is a square of 6x6 pixels; the end of the colour bar has the same colour.
    long bar = count(negative, Pixels.ORANGE);
    assertThat(count(positive, Pixels.ORANGE)).isEqualTo(36 + bar);
    assertThat(count(positive, Pixels.BLUE)).isEqualTo(count(negative, Pixels.BLUE) - 36);
  }

  @Test
  void mapsOfOneGroupShareOneScale() {
    Picture image = MapSheet.draw("t", List.of(band(tile(2, 0), tile(1, 0))));
    // Half of the orange (213, 94, 0) on white.
    assertThat(count(image, 0xEAAF80)).isGreaterThanOrEqualTo(36);
  }

  @Test
  void groupsMayBeGivenOneScale() {
    Band small = new Band("group", 28, 28, List.of(tile(1, 0)), 2);
    Picture image = MapSheet.draw("t", List.of(small));
    assertThat(count(image, 0xEAAF80)).isGreaterThanOrEqualTo(36);
    Picture own = MapSheet.draw("t", List.of(band(tile(1, 0))));
    assertThat(count(image, Pixels.ORANGE)).isEqualTo(count(own, Pixels.ORANGE) - 36);
  }

  @Test
  void zerosHaveNoScaleAndNoColour() {
    Picture image = MapSheet.draw("t", List.of(band(tile(0, 0))));
    assertThat(count(image, Pixels.ORANGE)).isZero();
    assertThat(image.height()).isLessThan(MapSheet.draw("t", List.of(band(tile(1, 0)))).height());
  }

  @Test
  void valuesThatAreNotFiniteAreBlackAndDoNotSetTheScale() {
    Picture image =
        MapSheet.draw("t", List.of(band(tile(Float.NaN, 1), tile(Float.POSITIVE_INFINITY, 0))));
    assertThat(count(image, Pixels.ORANGE)).isGreaterThanOrEqualTo(36);
    assertThat(count(image, 0)).isGreaterThan(10);
    Tile only = new Tile("", new float[] {Float.NaN});
    assertThat(MapSheet.largest(List.of(only))).isZero();
  }

  @Test
  void manyOrLargeMapsFitTheWidth() {
    Picture many =
        MapSheet.draw("t", List.of(band(Collections.nCopies(64, tile(1, 0)).toArray(Tile[]::new))));
    assertThat(many.width()).isEqualTo(960);
    Band large = new Band("large", 700, 1200, List.of(new Tile("", new float[700 * 1200])));
    Picture image = MapSheet.draw("t", List.of(large));
    assertThat(image.width()).isEqualTo(960);
    assertThat(image.height()).isLessThan(720);
    Band matrix = new Band("matrix", 1, 5000, List.of(new Tile("", new float[5000])));
    assertThat(MapSheet.draw("t", List.of(matrix)).width()).isEqualTo(960);
  }

  @Test
  void numbersAreShort() {
    assertThat(MapSheet.number(0)).isEqualTo("0");
    assertThat(MapSheet.number(-0.0281f)).isEqualTo("−.028");
    assertThat(MapSheet.number(0.5f)).isEqualTo(".500");
    assertThat(MapSheet.number(1.234f)).isEqualTo("1.23");
    assertThat(MapSheet.number(0.9999f)).isEqualTo("1.000");
    assertThat(MapSheet.number(12345)).isEqualTo("12345");
    assertThat(MapSheet.number(-6.2e-9f)).isEqualTo("−6e−9");
    assertThat(MapSheet.number(3e10f)).isEqualTo("3e10");
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> MapSheet.draw("t", List.of())).hasMessage("no maps to draw");
    assertThatThrownBy(() -> new Band("b", 2, 2, List.of()))
        .hasMessageContaining("b: 0 maps of 2x2");
    assertThatThrownBy(() -> new Band("b", 2, 2, List.of(new Tile("", new float[5]))))
        .hasMessage("b: a map of 5 values, expected at most 2x2");
    assertThatThrownBy(() -> new Band("b", 1, 1, List.of(new Tile("", new float[1])), Double.NaN))
        .hasMessageContaining("limit NaN");
  }
}
