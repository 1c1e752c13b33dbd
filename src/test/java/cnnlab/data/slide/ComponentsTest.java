package cnnlab.data.slide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComponentsTest {
  @Test
  void pairsAreJoinedAcrossChains() {
    List<int[]> pairs =
        List.of(new int[] {4, 6}, new int[] {1, 4}, new int[] {2, 5}, new int[] {0, 6});
    Components components = Components.of(8, pairs);
    assertThat(components.members())
        .containsExactly(List.of(0, 1, 4, 6), List.of(2, 5), List.of(3), List.of(7));
    assertThat(components.of()).containsExactly(0, 0, 1, 2, 0, 1, 0, 3);
    assertThat(components.withAtLeast(2)).hasSize(2);
  }
}
