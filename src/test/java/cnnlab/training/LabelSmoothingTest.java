package cnnlab.training;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.data.Batch;
import cnnlab.data.BatchSource;
import org.junit.jupiter.api.Test;

class LabelSmoothingTest {
  private static Batch next(double smoothing) {
    BatchSource one = () -> new Batch(1, new float[] {7, 8}, new float[] {0, 1, 0, 1, 0, 0}, 2);
    return LabelSmoothing.of(one, smoothing).next();
  }

  @Test
  void targetsMoveTowardsUniformAndStillSumToOne() {
    assertThat(next(0.3).y()).containsExactly(0.1f, 0.8f, 0.1f, 0.8f, 0.1f, 0.1f);
    assertThat(next(0.3).x()).containsExactly(7, 8);
    assertThat(next(0).y()).containsExactly(0, 1, 0, 1, 0, 0);
  }
}
