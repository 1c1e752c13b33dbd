package cnnlab.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import cnnlab.scratch.layer.Shape;
import org.junit.jupiter.api.Test;

class OcclusionMapTest {
  private static final Shape SHAPE = new Shape(2, 6, 8);
  private static final int SPOT = 2 * 8 + 5;

  /** The probability of class 1 is the value of channel 1 at row 2, column 5. */
  private static float[] looksAtOneSpot(float[] x, int n) {
    float[] p = new float[2 * n];
    for (int i = 0; i < n; i++) {
      p[2 * i + 1] = x[i * 96 + 48 + SPOT];
      p[2 * i] = 1 - p[2 * i + 1];
    }
    return p;
  }

  private static float[] image() {
    float[] image = new float[96];
    image[48 + SPOT] = 0.9f;
    return image;
  }

  @Test
  void onlyPlacesThatHideTheSpotMatter() {
    float[] image = image();
    OcclusionMap map =
        OcclusionMap.of(
            OcclusionMapTest::looksAtOneSpot, image, SHAPE, 2, 1, new float[] {0, 0.2f});
    assertThat(map.rows()).isEqualTo(5);
    assertThat(map.columns()).isEqualTo(7);
    assertThat(map.predicted()).isOne();
    assertThat(map.probability()).isCloseTo(0.9, within(1e-6));
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 7; x++) {
        boolean hidden = (y == 1 || y == 2) && (x == 4 || x == 5);
        assertThat(map.drop()[7 * y + x]).isCloseTo(hidden ? 0.7f : 0, within(1e-6f));
      }
    }
    assertThat(image).isEqualTo(image());
    // The spot was hidden at four places, its neighbour to the left at four, two of them with it.
    float[] onImage = map.onImage(SHAPE, 2, 1);
    assertThat(onImage[SPOT]).isCloseTo(0.7f, within(1e-6f));
    assertThat(onImage[SPOT - 1]).isCloseTo(0.35f, within(1e-6f));
    assertThat(onImage[SPOT - 2]).isZero();
    // At the right edge one of two places.
    assertThat(onImage[SPOT + 1]).isCloseTo(0.35f, within(1e-6f));
  }

  @Test
  void skipsPlacesByTheStride() {
    OcclusionMap map =
        OcclusionMap.of(OcclusionMapTest::looksAtOneSpot, image(), SHAPE, 3, 2, new float[2]);
    assertThat(map.rows()).isEqualTo(2);
    assertThat(map.columns()).isEqualTo(3);
    assertThat(map.drop()).containsExactly(new float[] {0, 0, 0.9f, 0, 0, 0.9f}, within(1e-6f));
    float[] onImage = map.onImage(SHAPE, 3, 2);
    assertThat(onImage[5 * 8 + 5]).isZero();
    assertThat(onImage[7]).isZero();
  }

  @Test
  void isNegativeWhereTheClassBecomesMoreProbable() {
    OcclusionMap map =
        OcclusionMap.of(OcclusionMapTest::looksAtOneSpot, image(), SHAPE, 2, 2, new float[] {0, 1});
    assertThat(map.drop()[4 + 2]).isCloseTo(-0.1f, within(1e-6f));
  }

  @Test
  void runsManyPlacesInBatches() {
    Shape large = new Shape(1, 32, 32);
    int[] calls = new int[1];
    OcclusionMap map =
        OcclusionMap.of(
            (x, n) -> {
              calls[0]++;
              assertThat(n).isLessThanOrEqualTo(256);
              float[] p = new float[2 * n];
              for (int i = 0; i < n; i++) {
                p[2 * i] = 0.5f + x[i * 1024 + 1023];
              }
              return p;
            },
            new float[1024],
            large,
            4,
            1,
            new float[] {0.25f});
    assertThat(map.drop()).hasSize(29 * 29);
    assertThat(map.drop()[840]).isEqualTo(-0.25f);
    assertThat(map.drop()[839]).isZero();
    assertThat(calls[0]).isEqualTo(1 + 4);
  }

  @Test
  void meanColourOfEachChannel() {
    float[] mean = OcclusionMap.meanColour(image(), SHAPE);
    assertThat(mean).containsExactly(new float[] {0, 0.9f / 48}, within(1e-7f));
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(
            () ->
                OcclusionMap.of(
                    OcclusionMapTest::looksAtOneSpot, image(), SHAPE, 7, 1, new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a square of 7 pixels every 1 pixels");
    assertThatThrownBy(
            () ->
                OcclusionMap.of(
                    OcclusionMapTest::looksAtOneSpot, image(), SHAPE, 2, 0, new float[2]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                OcclusionMap.of(
                    OcclusionMapTest::looksAtOneSpot, image(), SHAPE, 2, 1, new float[3]))
        .hasMessageContaining("an image of 96 values and a fill of 3");
  }
}
