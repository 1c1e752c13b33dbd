package cnnlab.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cnnlab.data.Batch;
import cnnlab.data.BatchSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Mixing two images of a batch. */
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

  /** The target of image i is (i, 1 − i), so that it identifies the images in a mixture. */
  private static float[] targets() {
    float[] y = new float[2 * N];
    for (int i = 0; i < N; i++) {
      y[2 * i] = i;
      y[2 * i + 1] = 1 - i;
    }
    return y;
  }

  @Test
  void mixesTargetsLikeTheirImages() {
    Batch batch = mixed(0.4, 1);
    float[] x = batch.x();
    float[] y = batch.y();
    assertThat(x).isNotEqualTo(images());
    for (int i = 0; i < N; i++) {
      assertThat(x[2 * i]).isCloseTo(10 * y[2 * i], within(1e-4f));
      assertThat(x[2 * i + 1] - x[2 * i]).isCloseTo(1, within(1e-4f));
      assertThat(y[2 * i] + y[2 * i + 1]).isCloseTo(1, within(1e-5f));
    }
    // A permutation: each image is used as a partner once.
    assertThat(IntStream.range(0, N).mapToDouble(i -> y[2 * i]).sum()).isCloseTo(15, within(1e-4));
  }

  @Test
  void mixesByEpochAndNotWithAlphaZero() {
    float[] x = mixed(0.4, 3).x();
    assertThat(mixed(0.4, 3).x()).isEqualTo(x);
    assertThat(mixed(0.4, 4).x()).isNotEqualTo(x);
    assertThat(mixed(0, 3).x()).isEqualTo(images());
  }

  /** So that a resumed training gives the same bits. */
  @Test
  void givesTheSameEpochRegardlessOfEarlierOnes() {
    Queue<Batch> batches = new ArrayDeque<>(List.of(batch(2), batch(2), batch(3)));
    BatchSource all = MixUp.of(batches::remove, 0.4, 1);
    float[] first = all.next().x();
    assertThat(all.next().x()).isNotEqualTo(first);
    assertThat(all.next().x()).isEqualTo(mixed(0.4, 3).x());
  }

  private static Batch mixed(double alpha, int epoch) {
    return MixUp.of(() -> batch(epoch), alpha, 1).next();
  }

  private static Batch batch(int epoch) {
    return new Batch(epoch, images(), targets(), N);
  }
}
