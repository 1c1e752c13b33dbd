package cnnlab.augment.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AffineStepTest {
  private static final int H = 20;
  private static final int W = 40;

  /** A number of each of 4,000 draws. */
  private static double[] draws(AffineStep step, ToDoubleFunction<Affine> number) {
    ImageRandom random = new ImageRandom(11);
    return DoubleStream.generate(
            () -> {
              Affine affine = new Affine();
              step.append(affine, random, H, W);
              return number.applyAsDouble(affine);
            })
        .limit(4000)
        .toArray();
  }

  /** Uniform in [low, high]: within the range, close to both ends, with the mean in the middle. */
  private static void assertUniform(double[] values, double low, double high) {
    double span = high - low;
    assertThat(DoubleStream.of(values).min().orElseThrow())
        .isBetween(low - 1e-9, low + 0.01 * span);
    assertThat(DoubleStream.of(values).max().orElseThrow())
        .isBetween(high - 0.01 * span, high + 1e-9);
    assertThat(DoubleStream.of(values).average().orElseThrow())
        .isCloseTo((low + high) / 2, within(0.02 * span));
  }

  @Test
  void rotationIsUniformInDegrees() {
    // Keras RandomRotation(0.05).
    AffineStep step = new AffineStep.Rotate(18);
    assertUniform(draws(step, m -> Math.toDegrees(Math.atan2(m.xy, m.xx))), -18, 18);
    for (double area : draws(step, m -> m.xx * m.yy - m.xy * m.yx)) {
      assertThat(area).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void translationByPixelsAndByFractionOfEachSide() {
    assertUniform(draws(new AffineStep.Translate(2, false), m -> m.x0), -2, 2);
    assertUniform(draws(new AffineStep.Translate(2, false), m -> m.y0), -2, 2);
    // Keras RandomTranslation(0.1, 0.1).
    assertUniform(draws(new AffineStep.Translate(0.1, true), m -> m.x0), -0.1 * W, 0.1 * W);
    assertUniform(draws(new AffineStep.Translate(0.1, true), m -> m.y0), -0.1 * H, 0.1 * H);
  }

  @Test
  void zoomIsTheInverseOfTheDrawnFactor() {
    // Keras RandomZoom(0.1) keeps the aspect.
    assertUniform(draws(new AffineStep.Zoom(0.1, 0), m -> 1 / m.xx), 0.9, 1.1);
    assertThat(draws(new AffineStep.Zoom(0.1, 0), m -> m.xx / m.yy)).containsOnly(1);
    assertUniform(draws(new AffineStep.Zoom(0, 0.2), m -> 1 / m.yy), 0.8, 1.2);
  }

  @Test
  void shearAlongItsAxes() {
    AffineStep horizontal = new AffineStep.Shear(0.3, Axes.HORIZONTAL);
    assertUniform(draws(horizontal, m -> m.xy), -0.3, 0.3);
    assertThat(draws(horizontal, m -> m.yx)).containsOnly(0);
    AffineStep vertical = new AffineStep.Shear(0.3, Axes.VERTICAL);
    assertUniform(draws(vertical, m -> m.yx), -0.3, 0.3);
    assertThat(draws(vertical, m -> m.xy)).containsOnly(0);
  }

  @Test
  void inverseUndoes() {
    Affine affine = new Affine();
    affine.thenLinear(1.2, 0.3, -0.4, 0.8);
    affine.thenShift(3, -2);
    Affine inverse = new Affine();
    inverse.thenLinear(1.2, 0.3, -0.4, 0.8);
    inverse.thenShift(3, -2);
    inverse.invert();
    affine.thenLinear(inverse.xx, inverse.xy, inverse.yx, inverse.yy);
    affine.thenShift(inverse.x0, inverse.y0);
    assertThat(new double[] {affine.xx, affine.xy, affine.x0, affine.yx, affine.yy, affine.y0})
        .containsExactly(new double[] {1, 0, 0, 0, 1, 0}, within(1e-12));
  }
}
