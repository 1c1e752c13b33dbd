package cnnlab.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SeedsTest {
  /**
   * Fixed values, so that recorded runs can be repeated. From Python: struct.unpack(">q",
   * hashlib.sha256(struct.pack(">q", seed) + name.encode()).digest()[:8])
   */
  @Test
  void derivesTheSeedsItAlwaysDid() {
    assertThat(Seeds.derive(0, "")).isEqualTo(-5812615543772869766L);
    assertThat(Seeds.derive(1, "split")).isEqualTo(-9206698154820850239L);
    assertThat(Seeds.derive(42, "shuffle")).isEqualTo(968748762977393315L);
    assertThat(Seeds.derive(-7, "repetition-3")).isEqualTo(5295439664598951142L);
  }

  @Test
  void streamsDoNotDependOnEachOther() {
    long first = Seeds.random(42, "split").nextLong();
    SplittableRandom shuffle = Seeds.random(42, "shuffle");
    shuffle.nextLong();
    assertThat(Seeds.random(42, "split").nextLong()).isEqualTo(first);
    assertThat(shuffle.nextLong()).isNotEqualTo(first);
  }

  @Test
  void givesDifferentStreamsForDifferentSeedsAndNames() {
    Set<Long> seeds = new HashSet<>();
    for (long seed = 0; seed < 100; seed++) {
      for (int repetition = 0; repetition < 100; repetition++) {
        seeds.add(Seeds.derive(seed, "repetition-" + repetition));
      }
    }
    assertThat(seeds).hasSize(10_000);
  }

  /** Half of the bits of two streams are equal, as in unrelated streams. */
  @Test
  void streamsAreUncorrelated() {
    SplittableRandom a = Seeds.random(1, "split");
    SplittableRandom b = Seeds.random(2, "split");
    long equal = 0;
    for (int i = 0; i < 10_000; i++) {
      equal += 64 - Long.bitCount(a.nextLong() ^ b.nextLong());
    }
    // Binomial(640,000, 1/2): standard deviation 400.
    assertThat(equal).isBetween(320_000L - 2_000, 320_000L + 2_000);
  }
}
