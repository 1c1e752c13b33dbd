package cnnlab.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  @Test
  void confusionHasTrueRowsAndPredictedColumns() {
    float[] p = {0.7f, 0.2f, 0.1f, 0.1f, 0.2f, 0.7f, 0.4f, 0.4f, 0.2f, 0.1f, 0.8f, 0.1f};
    assertThat(ConfusionMatrix.confusion(p, new int[] {0, 0, 1, 1}, 3))
        .isDeepEqualTo(new int[][] {{1, 0, 1}, {1, 1, 0}, {0, 0, 0}});
    assertThat(ConfusionMatrix.confusion(new float[0], new int[0], 2)).isDeepEqualTo(new int[2][2]);
  }

  @Test
  void mismatchedInputIsRefused() {
    assertThatThrownBy(() -> ConfusionMatrix.confusion(new float[5], new int[2], 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("5 probabilities are not 2 images of 3 classes");
    assertThatThrownBy(() -> ConfusionMatrix.confusion(new float[3], new int[] {3}, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("label 3 of image 0 is not in 0..2");
    assertThatThrownBy(() -> ConfusionMatrix.confusion(new float[0], new int[0], 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
