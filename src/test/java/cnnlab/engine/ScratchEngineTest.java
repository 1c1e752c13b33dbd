package cnnlab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.scratch.Network;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.Shape;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

/** The engine from scratch and its memory. */
class ScratchEngineTest {
  /** Of an engine that was closed, a thread that goes on holds nothing. */
  @Test
  void aClosedEngineIsCollected() throws InterruptedException {
    WeakReference<Network> network = usedAndClosed();
    for (int i = 0; i < 50 && network.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(network.get()).isNull();
  }

  private static WeakReference<Network> usedAndClosed() {
    Network network =
        Network.builder(Shape.vector(4))
            .add("dense", new Dense(4, 2, true, false))
            .build(new float[10], new ReferenceKernels());
    try (Engine engine = ScratchEngine.forInference(network, 2)) {
      assertThat(engine.predict(new float[100 * 4], 100)).hasSize(200);
    }
    return new WeakReference<>(network);
  }
}
