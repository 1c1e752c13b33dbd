package cnnlab.crosscheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class DifferenceTest {
  private static final float NAN = Float.NaN;
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  @Test
  void addsUpAndFindsTheLargest() {
    float[] library = {1, -8, 3, 0};
    float[] ours = {1.5f, -8, 1, 0.25f};
    Difference d = Difference.between(library, ours);
    assertThat(d).isEqualTo(new Difference(4, 2.75, 2, 8, 0));
    assertThat(d.relative()).isEqualTo(0.25);
    assertThat(Difference.between(library, library)).isEqualTo(new Difference(4, 0, 0, 8, 0));
  }

  /** NaN or the same infinity on both sides counts as equal; on one side only it does not. */
  @Test
  void valuesThatAreNotFiniteAreCountedAndOnOneSideInfinitelyFar() {
    Difference same = Difference.between(new float[] {NAN, INFINITY}, new float[] {NAN, INFINITY});
    assertThat(same.maxAbs()).isZero();
    assertThat(same.sumAbs()).isZero();
    assertThat(same.notFinite()).isEqualTo(4);
    assertThat(same.relative()).as("nothing differs").isZero();
    for (float bad : new float[] {NAN, INFINITY, -INFINITY}) {
      Difference ours = Difference.between(new float[] {2, 1}, new float[] {2, bad});
      assertThat(ours.maxAbs()).isInfinite();
      assertThat(ours.sumAbs()).isInfinite();
      assertThat(ours.notFinite()).isOne();
      assertThat(ours.relative()).isInfinite();
      Difference theirs = Difference.between(new float[] {bad, 1}, new float[] {2, 1});
      assertThat(theirs.maxAbs()).isInfinite();
      assertThat(theirs.notFinite()).isOne();
    }
  }

  @Test
  void givesAnInfiniteRelativeDifferenceFromZeros() {
    assertThat(Difference.between(new float[2], new float[2]).relative()).isZero();
    assertThat(Difference.between(new float[2], new float[] {0, 1e-9f}).relative()).isInfinite();
  }

  @Test
  void partsAddUpToTheWhole() {
    float[] library = {1, -8, NAN, 3, 0, 5};
    float[] ours = {1.5f, -8, NAN, 1, 0.25f, INFINITY};
    Difference first = Difference.between(new float[] {1, -8, NAN}, new float[] {1.5f, -8, NAN});
    Difference second = Difference.between(new float[] {3, 0}, new float[] {1, 0.25f});
    Difference third = Difference.between(new float[] {5}, new float[] {INFINITY});
    Difference two = first.plus(second);
    assertThat(two.sumAbs()).isEqualTo(2.75);
    assertThat(two.maxAbs()).isEqualTo(2);
    assertThat(two.plus(third)).isEqualTo(Difference.between(library, ours));
    assertThat(second.plus(Difference.NONE)).isEqualTo(second);
  }

  @Test
  void refusesTensorsOfDifferentSizes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Difference.between(new float[2], new float[3]))
        .withMessage("cannot compare 2 values with 3");
  }
}
