package cnnlab.experiment;

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
}
