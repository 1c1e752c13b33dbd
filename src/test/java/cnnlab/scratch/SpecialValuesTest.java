package cnnlab.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.Range;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.GlobalMaxPool2d;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.Shape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Vectors and plain loops agree on special values: infinities, NaN of either sign, −0, subnormal
 * numbers and sums too large for a float.
 */
class SpecialValuesTest {
  private static final Kernels REFERENCE = new ReferenceKernels();
  private static final Range ONE_GROUP = new Range(0, 1);
  private static final float TINY = Float.MIN_VALUE;
  private static final float[] VALUES = {
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Float.intBitsToFloat(0xFFC00000),
    0,
    -0f,
    TINY,
    -TINY,
    3 * TINY,
    -3 * TINY,
    Float.MIN_NORMAL,
    3e38f,
    -3e38f,
    1,
    -1,
    0.5f,
    -2.5f
  };

  @BeforeAll
  static void vectorModule() {
    assumeThat(Kernels.best().name())
        .as("run the tests with --add-modules jdk.incubator.vector to test the vector kernels")
        .isEqualTo("vector");
  }

  private static float[] draw(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = VALUES[random.nextInt(VALUES.length)];
    }
    return values;
  }

  private static void requireSame(Network.Builder layers, long seed) {
    Random random = new Random(seed);
    float[] parameters = draw(layers.parameterCount(), random);
    Network plain = layers.build(parameters, REFERENCE);
    Network fast = layers.build(parameters, Kernels.best());
    int n = 33;
    float[] x = draw(n * plain.inputShape().size(), random);
    requireSame(layers.nodes().toString(), plain.predict(x, n), fast.predict(x, n));
    var expected = plain.activations(x, n);
    fast.activations(x, n).forEach((name, found) -> requireSame(name, expected.get(name), found));
  }

  /**
   * All NaNs are equal here, and −0 differs from 0; other values may differ in the last bit, since
   * plain loops round twice.
   */
  private static void requireSame(String what, float[] expected, float[] found) {
    assertThat(found).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      float a = expected[i];
      if (Float.compare(a, found[i]) != 0 && !(Math.abs(a - found[i]) <= Math.ulp(a))) {
        throw new AssertionError("%s, value %d: %s, not %s".formatted(what, i, found[i], a));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void products(boolean relu) {
    Window one = Window.square(1, 1, Padding.VALID);
    for (long seed = 0; seed < 20; seed++) {
      for (boolean bias : new boolean[] {true, false}) {
        for (int out : new int[] {1, 5, 9}) {
          requireSame(
              Network.builder(new Shape(1, 3, 3)).add("conv", new Conv2d(1, out, one, bias, relu)),
              seed);
          requireSame(
              Network.builder(Shape.vector(1)).add("dense", new Dense(1, out, bias, relu)), seed);
        }
        requireSame(
            Network.builder(new Shape(3, 2, 2))
                .add("depthwise", new DepthwiseConv2d(3, 2, one, bias, relu)),
            seed);
      }
    }
  }

  /** Beyond the border there are zeros, which an infinite weight turns into NaN. */
  @Test
  void paddingIsZero() {
    for (long seed = 0; seed < 20; seed++) {
      Window window = new Window(2, 1, 1, 1, new Padding.Explicit(1, 0, 0, 0));
      requireSame(
          Network.builder(new Shape(1, 1, 4)).add("conv", new Conv2d(1, 4, window, true, true)),
          seed);
    }
  }

  @Test
  void pooling() {
    for (long seed = 0; seed < 20; seed++) {
      for (int kernel = 1; kernel <= 3; kernel++) {
        for (Padding padding : new Padding[] {Padding.VALID, Padding.SAME}) {
          requireSame(
              Network.builder(new Shape(2, 4, 5))
                  .add("pool", new MaxPool2d(Window.square(kernel, 2, padding)))
                  .add("global", new GlobalMaxPool2d()),
              seed);
        }
      }
    }
  }

  @Test
  void fusedConvolutionAndPooling() {
    for (long seed = 0; seed < 20; seed++) {
      requireSame(
          Network.builder(new Shape(1, 4, 4))
              .add("conv", new Conv2d(1, 5, Window.square(1, 1, Padding.VALID), true, true))
              .add("pool", new MaxPool2d(Window.square(2, 2, Padding.VALID))),
          seed);
    }
  }

  /**
   * Exactly one value gets the gradient of its window, also among several NaNs, largest values or
   * zeros.
   */
  @Test
  void gradientsOfPooling() {
    int lanes = Kernels.best().lanes();
    for (int kernel = 2; kernel <= 3; kernel++) {
      Window.Geometry g = Window.square(kernel, 2, Padding.VALID).on(5, 5);
      int out = g.outHeight() * g.outWidth();
      for (long seed = 0; seed < 30; seed++) {
        Random random = new Random(seed);
        float[] x = draw(25 * lanes, random);
        for (int i = 0; i < x.length; i++) {
          // Of several NaNs with different bits any may be the largest.
          x[i] = Float.isNaN(x[i]) ? Float.NaN : x[i];
        }
        float[] fastY = new float[out * lanes];
        float[] fast = new float[x.length];
        float[] dy = draw(out * lanes, random);
        Kernels.best().maxPool2d(1, g, x, fastY, ONE_GROUP);
        Kernels.best().maxPool2dGradient(1, g, x, fastY, dy, fast, ONE_GROUP);
        for (int l = 0; l < lanes; l++) {
          float[] plain = new float[25];
          float[] y = lane(fastY, l, lanes);
          REFERENCE.maxPool2dGradient(
              1, g, lane(x, l, lanes), y, lane(dy, l, lanes), plain, ONE_GROUP);
          for (int i = 0; i < plain.length; i++) {
            // Not the sign of a zero: it is lost where a zero is added.
            assertThat(Float.compare(lane(fast, l, lanes)[i] + 0f, plain[i] + 0f)).isZero();
          }
        }
      }
    }
  }

  private static float[] lane(float[] values, int lane, int lanes) {
    float[] one = new float[values.length / lanes];
    for (int i = 0; i < one.length; i++) {
      one[i] = values[i * lanes + lane];
    }
    return one;
  }

  @Test
  void valueByValue() {
    int count = 4 * Kernels.best().lanes();
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      float[] x = draw(count, random);
      float[] scaleAndShift = draw(2, random);
      boolean relu = random.nextBoolean();
      float[] y = new float[count];
      float[] expected = new float[count];
      float scale = scaleAndShift[0];
      Kernels.best().scaleShift(x, scale, scaleAndShift[1], relu, y, 0, count);
      REFERENCE.scaleShift(x, scale, scaleAndShift[1], relu, expected, 0, count);
      requireSame("scale and shift", expected, y);

      REFERENCE.scaleShift(x, 1, 0, true, y, 0, count);
      float[] fast = draw(count, random);
      float[] plain = fast.clone();
      Kernels.best().reluGradient(y, fast, 0, count);
      REFERENCE.reluGradient(y, plain, 0, count);
      assertThat(fast).isEqualTo(plain);
    }
  }

  @Test
  void penalties() {
    int count = 2 * Kernels.best().lanes() + 3;
    for (float value : VALUES) {
      for (float[] factors : new float[][] {{1, 0}, {0, 1}, {0.5f, 0.25f}, {0, 0}}) {
        float[] w = new float[count];
        Arrays.fill(w, value);
        float[] fast = new float[count];
        float[] plain = new float[count];
        double found = Kernels.best().addPenalty(w, fast, 0, count, factors[0], factors[1]);
        double expected = REFERENCE.addPenalty(w, plain, 0, count, factors[0], factors[1]);
        assertThat(fast).as("%s by %s", value, Arrays.toString(factors)).isEqualTo(plain);
        assertThat((Double) found)
            .matches(p -> p.equals(expected) || Math.abs(p - expected) <= 1e-6 * expected + 1e-30);
      }
    }
  }
}
