package cnnlab.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;

/**
 * Initial weights depend only on their seed, not on other threads: ND4J 1.0.0-M2.1 has a random
 * stream for each thread, which is seeded when a graph is created. Parallel trainings rely on it.
 */
class InitialWeightsTest {
  private static final int GRAPHS = 40;

  private static ComputationGraph create(int seed) {
    // The networks of all three tasks. Seed 0 is not used, because to ND4J it means any seed.
    return switch (seed % 4) {
      case 0 -> MnistCnn.create(seed, Updaters.adam(0.1, 0.9, 0.999, 1e-7));
      case 1 ->
          SmallDigitsCnn.create(
              seed,
              new SmallDigitsCnn.Shape(List.of(List.of(8)), true, false, true, 0, 0),
              Updaters.adam(0.1, 0.9, 0.999, 1e-7),
              0);
      default ->
          LymphNodeResNet.create(
              seed,
              new LymphNodeResNet.Shape(List.of(8), 1, true, 0, seed % 4 == 2),
              Updaters.adam(0.1, 0.9, 0.999, 1e-7),
              0);
    };
  }

  @Test
  void initialWeightsDependOnlyOnTheirSeed() throws Exception {
    List<float[]> alone = new ArrayList<>();
    for (int seed = 1; seed <= GRAPHS; seed++) {
      alone.add(create(seed).params().dup().data().asFloat());
    }
    ComputationGraph other = create(GRAPHS + 1);
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<float[]>> together = new ArrayList<>();
      for (int seed = 1; seed <= GRAPHS; seed++) {
        int s = seed;
        together.add(pool.submit(() -> create(s).params().dup().data().asFloat()));
        pool.submit(other::clone);
      }
      for (int seed = 1; seed <= GRAPHS; seed++) {
        assertThat(together.get(seed - 1).get())
            .as("seed %d", seed)
            .containsExactly(alone.get(seed - 1));
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
