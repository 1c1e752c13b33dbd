package cnnlab.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ClassMetricsTest {
  /** Three images of three classes; the last one is a tie. */
  private static final float[] PROBABILITIES = {
    0.5f, 0.25f, 0.25f, 0.125f, 0.125f, 0.75f, 0.25f, 0.375f, 0.375f
  };

  @Test
  void crossEntropyIsTheMeanOfTheLogarithms() {
    // Labels 1, 2, 0 have 1/4, 3/4 and 1/4.
    assertThat(ClassMetrics.crossEntropy(PROBABILITIES, new int[] {1, 2, 0}, 3))
        .isCloseTo((Math.log(4) + Math.log(4 / 3.0) + Math.log(4)) / 3, within(1e-12));
    assertThat(ClassMetrics.crossEntropy(new float[] {1, 0}, new int[] {0}, 2)).isZero();
  }

  @Test
  void aCertainWrongPredictionHasAFiniteLoss() {
    double most = -Math.log(1e-7);
    assertThat(ClassMetrics.crossEntropy(new float[] {1, 0}, new int[] {1}, 2)).isEqualTo(most);
    assertThat(ClassMetrics.crossEntropy(new float[] {1, 1e-8f}, new int[] {1}, 2)).isEqualTo(most);
  }

  @Test
  void accuracyUsesTheFirstClassOnATie() {
    assertThat(ClassMetrics.accuracy(PROBABILITIES, new int[] {0, 2, 1}, 3)).isOne();
    assertThat(ClassMetrics.accuracy(PROBABILITIES, new int[] {0, 2, 2}, 3)).isEqualTo(2 / 3.0);
    assertThat(ClassMetrics.accuracy(PROBABILITIES, new int[] {1, 1, 2}, 3)).isZero();
    assertThat(ClassMetrics.accuracy(new float[0], new int[0], 3)).isNaN();
  }

  @Test
  void argmaxIgnoresValuesOutsideTheRange() {
    float[] values = {9, 1, 3, 2, 8};
    assertThat(ClassMetrics.argmax(values, 1, 3)).isEqualTo(1);
    assertThat(ClassMetrics.argmax(values, 0, 5)).isZero();
    assertThat(ClassMetrics.argmax(values, 1, 4)).isEqualTo(3);
  }

  @Test
  void mismatchedInputIsRefused() {
    List<Consumer<int[]>> both =
        List.of(
            labels -> ClassMetrics.crossEntropy(PROBABILITIES, labels, 3),
            labels -> ClassMetrics.accuracy(PROBABILITIES, labels, 3));
    for (Consumer<int[]> measure : both) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> measure.accept(new int[2]))
          .withMessage("9 probabilities are not 2 images of 3 classes");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> measure.accept(new int[] {0, 3, 0}))
          .withMessage("label 3 of image 1 is not in 0..2");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> measure.accept(new int[] {0, 0, -1}))
          .withMessage("label -1 of image 2 is not in 0..2");
    }
  }
}
