package cnnlab.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestKeyTest {
  @Test
  void editDistanceCountsSwapsAsOne() {
    assertThat(NearestKey.distance("", "abc")).isEqualTo(3);
    assertThat(NearestKey.distance("epohcs", "epochs")).isEqualTo(1);
    assertThat(NearestKey.distance("kitten", "sitting")).isEqualTo(3);
  }

  @Test
  void wholeKeysWinOverLastParts() {
    List<String> known = List.of("optimizer.seed", "seed", "epochs");
    assertThat(NearestKey.of("sed", known)).contains("seed");
    assertThat(NearestKey.of("optimiser.seed", known)).contains("optimizer.seed");
    assertThat(NearestKey.of("colour", known)).isEmpty();
  }

  @Test
  void swapsAreThoseOfNeighbours() {
    assertThat(NearestKey.distance("ab", "ba")).isEqualTo(1);
    assertThat(NearestKey.distance("abcd", "badc")).isEqualTo(2);
    assertThat(NearestKey.distance("xab", "ba")).isEqualTo(2);
    assertThat(NearestKey.distance("abc", "cba")).isEqualTo(2);
    assertThat(NearestKey.distance("aab", "ba")).isEqualTo(2);
    // Optimal string alignment: what was swapped is not changed again.
    assertThat(NearestKey.distance("ca", "abc")).isEqualTo(3);
    assertThat(NearestKey.distance("abc", "")).isEqualTo(3);
    assertThat(NearestKey.distance("same", "same")).isZero();
  }

  @Test
  void aThirdOfTheLettersMayDifferAndOneAlways() {
    List<String> known = List.of("epochs", "b");
    assertThat(NearestKey.of("epxxhs", known)).contains("epochs");
    assertThat(NearestKey.of("exxxhs", known)).isEmpty();
    assertThat(NearestKey.of("c", known)).contains("b");
    assertThat(NearestKey.of("cd", known)).isEmpty();
    assertThat(NearestKey.of("EPO-CH_S", known)).contains("epochs");
  }

  @Test
  void theNearestWinsAndOfEqualOnesTheFirst() {
    assertThat(NearestKey.of("rates", List.of("rotas", "rate", "crates"))).contains("rate");
    assertThat(NearestKey.of("a.rate", List.of("b.rate", "b.a.rate"))).contains("b.rate");
    // The last part is exact, but a whole key that is as near wins.
    assertThat(NearestKey.of("rate", List.of("a.rate", "rate"))).contains("rate");
    assertThat(NearestKey.of("xy.rate", List.of("optimizer.rate", "z.rote")))
        .contains("optimizer.rate");
  }

  @Test
  void namesThatAreNoSlipAreNotCompared() {
    String name = "k".repeat(200);
    assertThat(NearestKey.of(name, List.of(name.substring(1)))).isPresent();
    assertThat(NearestKey.of(name + "k", List.of(name))).isEmpty();
  }
}
