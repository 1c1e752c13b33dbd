package cnnlab.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BalancedOrderTest {
  /** Images 0, 1: class 0; 2: class 2; 3 to 9: class 1. Class 3 has none among those drawn. */
  private static final int[] LABELS = {0, 0, 2, 1, 1, 1, 1, 1, 1, 1, 3};

  private static final int[] TRAIN = IntStream.range(0, 10).toArray();

  private static long[] perClass(int[] order) {
    long[] counts = new long[4];
    for (int i : order) {
      counts[LABELS[i]]++;
    }
    return counts;
  }

  @Test
  void makesEveryEpochBalancedAndAsLongAsTheTrainingSet() {
    BalancedOrder order = new BalancedOrder(TRAIN, LABELS, 1);
    long[] all = new long[4];
    for (int epoch = 1; epoch <= 6; epoch++) {
      long[] counts = perClass(order.indices(epoch));
      assertThat(Arrays.stream(counts).sum()).isEqualTo(10);
      for (int c = 0; c < 3; c++) {
        assertThat(counts[c]).isBetween(3L, 4L);
        all[c] += counts[c];
      }
      assertThat(counts[3]).isZero();
    }
    assertThat(all).containsExactly(20, 20, 20, 0);
  }

  @Test
  void noImageOfAClassIsPreferred() {
    BalancedOrder order = new BalancedOrder(TRAIN, LABELS, 2);
    int[] times = new int[10];
    // 21 epochs of 10: 70 places for each class, ten for each of seven images.
    for (int epoch = 1; epoch <= 21; epoch++) {
      for (int i : order.indices(epoch)) {
        times[i]++;
      }
    }
    assertThat(times).containsExactly(35, 35, 70, 10, 10, 10, 10, 10, 10, 10);
  }

  @Test
  void dependsOnlyOnSeedAndEpoch() {
    BalancedOrder order = new BalancedOrder(TRAIN, LABELS, 3);
    int[] fifth = order.indices(5);
    order.indices(1);
    assertThat(order.indices(5)).containsExactly(fifth);
    assertThat(new BalancedOrder(TRAIN, LABELS, 3).indices(5)).containsExactly(fifth);
    assertThat(new BalancedOrder(TRAIN, LABELS, 4).indices(5)).isNotEqualTo(fifth);
    assertThat(order.indices(6)).isNotEqualTo(fifth);
  }
}
