package cnnlab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Blends of two images of a batch. */
class MixUpTest {
  private static final int N = 6;

  /** Image i has two values, 10·i and 10·i + 1. */
  private static float[] images() {
    float[] x = new float[2 * N];
    for (int i = 0; i < N; i++) {
      x[2 * i] = 10 * i;
      x[2 * i + 1] = 10 * i + 1;
    }
    return x;
  }

  /** The target of image i is (i, 1 − i), so that it says which images are in a blend. */
  private static float[] targets() {
    float[] y = new float[2 * N];
    for (int i = 0; i < N; i++) {
      y[2 * i] = i;
      y[2 * i + 1] = 1 - i;
    }
    return y;
  }

  @Test
  void targetsAreMixedAsTheirImagesAre() {
    float[] x = images();
    float[] y = targets();
    MixUp.ofEpoch(0.4, 1, 1).apply(x, y, N);
    assertThat(x).isNotEqualTo(images());
    for (int i = 0; i < N; i++) {
      assertThat(x[2 * i]).isCloseTo(10 * y[2 * i], within(1e-4f));
      assertThat(x[2 * i + 1] - x[2 * i]).isCloseTo(1, within(1e-4f));
      assertThat(y[2 * i] + y[2 * i + 1]).isCloseTo(1, within(1e-5f));
    }
    // A permutation: what is taken from one image is given to another.
    assertThat(IntStream.range(0, N).mapToDouble(i -> y[2 * i]).sum()).isCloseTo(15, within(1e-4));
  }

  @Test
  void anEpochHasNumbersOfItsOwnAndZeroMixesNothing() {
    float[] x = images();
    float[] again = images();
    float[] other = images();
    MixUp.ofEpoch(0.4, 1, 3).apply(x, targets(), N);
    MixUp.ofEpoch(0.4, 1, 3).apply(again, targets(), N);
    MixUp.ofEpoch(0.4, 1, 4).apply(other, targets(), N);
    assertThat(again).isEqualTo(x);
    assertThat(other).isNotEqualTo(x);
    float[] same = images();
    MixUp.ofEpoch(0, 1, 3).apply(same, targets(), N);
    assertThat(same).isEqualTo(images());
  }
}
