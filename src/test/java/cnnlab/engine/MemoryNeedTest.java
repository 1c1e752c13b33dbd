package cnnlab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.model.GraphSize;
import cnnlab.model.MnistCnn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Estimates have the right size, and impossible needs are refused. */
class MemoryNeedTest {
  /** Task 1's network, by hand: see its class. */
  @Test
  void countsTheValuesOfANetwork() {
    GraphSize size = MnistCnn.size();
    assertThat(size.parameters()).isEqualTo(4_266);
    assertThat(size.state()).isEqualTo(2 * 4_266);
    assertThat(size.largest()).isEqualTo(4 * 28 * 28);
    assertThat(size.activations())
        .isEqualTo(28 * 28 + 4 * 28 * 28 + 4 * 14 * 14 + 8 * 14 * 14 + 392 + 392 + 10);
  }

  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void growsWithBatchesAndWorkers(EngineKind engine) {
    MemoryNeed one = MemoryNeed.training(MnistCnn.size(), engine, 128, false, 1);
    MemoryNeed three = MemoryNeed.training(MnistCnn.size(), engine, 128, false, 3);
    assertThat(three.heap()).isEqualTo(3 * one.heap());
    assertThat(three.offHeap()).isEqualTo(3 * one.offHeap());
    // 128 images, 7,274 values and their gradients, four bytes each: 7.4 MB.
    assertThat(one.heap() + one.offHeap()).isBetween(7e6, 9e6);
    assertThat(one.fault()).isNull();
  }

  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void refusesWhatCannotFit(EngineKind engine) {
    assertThat(MemoryNeed.training(MnistCnn.size(), engine, Integer.MAX_VALUE, false, 1).fault())
        .startsWith("needs about ")
        .contains(" GB");
    GraphSize wide =
        new GraphSize(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 1);
    assertThat(MemoryNeed.training(wide, engine, 1, true, 1).fault()).contains("needs about");
    assertThat(MemoryNeed.inference(wide, engine, 1, 1).fault()).contains("needs about");
  }

  @Test
  void refusesArraysThatJavaCannotHave() {
    GraphSize wide = new GraphSize(1, 0, 0, 1, 3_000_000_000L);
    assertThat(MemoryNeed.training(wide, EngineKind.SCRATCH, 1, false, 1).fault())
        .contains("no array can have more than 2^31");
  }
}
