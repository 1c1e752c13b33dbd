package cnnlab.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StratifiedChoiceTest {
  /** Images 2 and 5 of 7 are of class 1. */
  private static final int[] LABELS = {0, 0, 1, 0, 0, 1, 0};

  private static int[] choose(int limit, long seed) {
    return StratifiedChoice.of(LABELS, limit, new SplittableRandom(seed));
  }

  private static long ones(int[] chosen) {
    return Arrays.stream(chosen).filter(i -> LABELS[i] == 1).count();
  }

  @Test
  void eachClassHasItsShareRounded() {
    // 2/7 of 1, 2, ... 7: 0.29, 0.57, 0.86, 1.14, 1.43, 1.71, 2.
    int[] expected = {0, 1, 1, 1, 1, 2, 2};
    for (int limit = 1; limit <= 7; limit++) {
      int[] chosen = choose(limit, 3);
      assertThat(chosen).hasSize(limit).isSorted().doesNotHaveDuplicates();
      assertThat(ones(chosen)).as("%d images", limit).isEqualTo(expected[limit - 1]);
    }
    assertThat(choose(7, 1)).containsExactly(0, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void choosesEveryImageOfAClassWithEqualProbability() {
    int[] times = new int[7];
    for (int seed = 0; seed < 7_000; seed++) {
      for (int i : choose(3, seed)) {
        times[i]++;
      }
    }
    // One of two of class 1, two of five of class 0; five standard deviations are about 210.
    for (int i : IntStream.range(0, 7).toArray()) {
      assertThat(times[i]).isBetween((LABELS[i] == 1 ? 3_500 : 2_800) - 210, 3_710);
    }
  }
}
