package cnnlab.augment.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cnnlab.augment.Augmentation;
import cnnlab.augment.Images;
import cnnlab.augment.Pipeline;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WarpTest {
  private static final Chance ALWAYS = new Chance(0, 1);
  private static final byte[] NINE = Images.bytes(10, 20, 30, 40, 50, 60, 70, 80, 90);

  private static int[] warp(Border border, AffineStep... steps) {
    List<Warp.Step> list =
        List.of(steps).stream().map(step -> new Warp.Step(step, ALWAYS)).toList();
    Pipeline pipeline = new Pipeline(List.of(new Warp(list, null, null, List.of(), border)));
    return Images.ints(Images.apply(pipeline, NINE, 3, 3, 1, 1));
  }

  @Test
  void wholeShiftMovesPixelsAndFillsWithTheBorder() {
    AffineStep right = (m, draws, h, w) -> m.thenShift(1, 0);
    assertThat(warp(Border.ZERO, right)).containsExactly(0, 10, 20, 0, 40, 50, 0, 70, 80);
    assertThat(warp(Border.NEAREST, right)).containsExactly(10, 10, 20, 40, 40, 50, 70, 70, 80);
    AffineStep downTwo = (m, draws, h, w) -> m.thenShift(0, 2);
    assertThat(warp(Border.REFLECT, downTwo)).containsExactly(40, 50, 60, 10, 20, 30, 10, 20, 30);
  }

  @Test
  void shiftsByHalfAPixelToTheMeanOfNeighbours() {
    assertThat(warp(Border.ZERO, (m, draws, h, w) -> m.thenShift(0.5, 0)))
        .containsExactly(5, 15, 25, 20, 45, 55, 35, 75, 85);
  }

  @Test
  void quarterTurnIsCounterClockwise() {
    // A rotation by +90°, as AffineStep.Rotate builds it.
    AffineStep quarter = (m, draws, h, w) -> m.thenLinear(0, 1, -1, 0);
    assertThat(warp(Border.ZERO, quarter)).containsExactly(30, 60, 90, 20, 50, 80, 10, 40, 70);
  }

  @Test
  void zoomKeepsTheCentre() {
    AffineStep smaller = (m, draws, h, w) -> m.thenLinear(0.5, 0, 0, 0.5);
    assertThat(warp(Border.ZERO, smaller)).containsExactly(0, 0, 0, 0, 50, 0, 0, 0, 0);
    AffineStep larger = (m, draws, h, w) -> m.thenLinear(2, 0, 0, 2);
    assertThat(warp(Border.ZERO, larger)).containsExactly(30, 35, 40, 45, 50, 55, 60, 65, 70);
  }

  @Test
  void shearShiftsRowsByTheirHeight() {
    AffineStep shear = (m, draws, h, w) -> m.thenLinear(1, 1, 0, 1);
    assertThat(warp(Border.ZERO, shear)).containsExactly(20, 30, 0, 40, 50, 60, 0, 70, 80);
  }

  @Test
  void stepsApplyFromFirstToLast() {
    AffineStep right = (m, draws, h, w) -> m.thenShift(1, 0);
    AffineStep quarter = (m, draws, h, w) -> m.thenLinear(0, 1, -1, 0);
    // Shifted right, then turned: the empty column becomes the bottom row.
    assertThat(warp(Border.ZERO, right, quarter)).containsExactly(20, 50, 80, 10, 40, 70, 0, 0, 0);
    assertThat(warp(Border.ZERO, quarter, right)).containsExactly(0, 30, 60, 0, 20, 50, 0, 10, 40);
  }

  @Test
  void leavesTheIdentityUnchanged() {
    Map<String, Map<String, Object>> still =
        Map.of(
            "rotate", Map.of("degrees", 0),
            "translate", Map.of("pixels", 0),
            "zoom", Map.of("factor", 0),
            "shear", Map.of("factor", 0),
            "elastic", Map.of("alpha", 0, "sigma", 5),
            "brightness", Map.of("delta", 0),
            "contrast", Map.of("factor", 0),
            "thickness", Map.of("amount", 0));
    byte[] image = Images.blobs(12, 3);
    still.forEach(
        (name, parameters) ->
            assertThat(Images.apply(Images.pipeline(name, parameters), image, 12, 12, 3, 5))
                .as(name)
                .isEqualTo(image));
  }

  @Test
  void fusedWarpIsTheSequenceUpToInterpolation() {
    List<Map<String, Map<String, Object>>> steps =
        List.of(
            Map.of("rotate", Map.of("degrees", 20)),
            Map.of("shear", Map.of("factor", 0.2)),
            Map.of("elastic", Map.of("alpha", 60, "sigma", 5)),
            Map.of("zoom", Map.of("factor", 0.2, "perAxis", 0.1)),
            Map.of("translate", Map.of("fraction", 0.1)));
    Augmentation fused = Augmentation.of(steps);
    Pipeline one = fused.pipeline();
    assertThat(one.stages()).isEqualTo(1);
    byte[] image = Images.blobs(28, 1);
    for (long seed = 0; seed < 50; seed++) {
      byte[] expected = image;
      for (Object step : steps) {
        // The same draws: a transform's stream does not depend on its neighbours.
        expected =
            Images.apply(Augmentation.of(List.of(step)).pipeline(), expected, 28, 28, 1, seed);
      }
      byte[] found = Images.apply(one, image, 28, 28, 1, seed);
      assertThat(Images.difference(found, expected)).as("seed %d", seed).isLessThan(2.0);
      assertThat(Images.difference(found, image)).isGreaterThan(2.5);
    }
  }

  @Test
  void appliesElasticDeformationAfterAffineSteps() {
    List<Map<String, Map<String, Object>>> steps =
        List.of(
            Map.of("rotate", Map.of("degrees", 20)),
            Map.of("elastic", Map.of("alpha", 60, "sigma", 5)));
    byte[] image = Images.blobs(28, 3);
    for (long seed = 0; seed < 20; seed++) {
      byte[] turned =
          Images.apply(Augmentation.of(steps.subList(0, 1)).pipeline(), image, 28, 28, 3, seed);
      byte[] expected =
          Images.apply(Augmentation.of(steps.subList(1, 2)).pipeline(), turned, 28, 28, 3, seed);
      byte[] found = Images.apply(Augmentation.of(steps).pipeline(), image, 28, 28, 3, seed);
      assertThat(Images.difference(found, expected)).as("seed %d", seed).isLessThan(1.5);
    }
  }

  @Test
  void splitsWarpsAtOtherBordersAndSecondDeformations() {
    Map<String, Object> rotate = Map.of("rotate", Map.of("degrees", 5));
    Map<String, Object> reflected = Map.of("translate", Map.of("pixels", 2, "border", "reflect"));
    Map<String, Object> elastic = Map.of("elastic", Map.of("alpha", 10, "sigma", 5));
    assertThat(Augmentation.of(List.of(rotate, reflected)).pipeline().stages()).isEqualTo(2);
    assertThat(Augmentation.of(List.of(rotate, elastic, rotate, elastic)).pipeline().stages())
        .isEqualTo(2);
    assertThat(Augmentation.of(List.of(rotate, "transpose", rotate)).pipeline().stages())
        .isEqualTo(3);
    assertThat(
            Augmentation.of(List.of(Map.of("border", "reflect"), rotate, reflected))
                .pipeline()
                .stages())
        .isEqualTo(1);
  }

  @Test
  void displacementHasTheDocumentedSize() {
    ElasticField field = new ElasticField(new Elastic(60, 5), 48, 48);
    ImageRandom draws = new ImageRandom(3);
    double sum = 0;
    int count = 0;
    for (int draw = 0; draw < 400; draw++) {
      field.draw(draws);
      for (int y = 20; y < 28; y += 4) {
        for (int x = 20; x < 28; x += 4) {
          int i = y * 48 + x;
          sum += field.x(i) * field.x(i) + field.y(i) * field.y(i);
          count += 2;
          assertThat(field.at(x, y, 0)).isCloseTo(field.x(i), within(1e-5f));
          assertThat(field.at(x + 0.5, y, 1))
              .isCloseTo((field.y(i) + field.y(i + 1)) / 2, within(1e-5f));
        }
      }
    }
    // a uniform in 0..60 has the root mean square 60/√3.
    double expected = 60 / Math.sqrt(3) / (2 * Math.sqrt(3 * Math.PI) * 5);
    assertThat(Math.sqrt(sum / count)).isCloseTo(expected, within(0.12 * expected));
    assertThat(field.at(-3, 100, 0)).isEqualTo(field.x(47 * 48));
  }
}
