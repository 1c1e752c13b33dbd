package cnnlab.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.engine.ScratchEngine;
import cnnlab.scratch.dl4j.TestGraphs;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.RoundingBounds;
import cnnlab.scratch.train.GradientClip;
import cnnlab.scratch.train.NetworkTrainer;
import cnnlab.scratch.train.Objective;
import cnnlab.scratch.train.Optimizer;
import cnnlab.scratch.train.Schedule;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * Every path of a user's numbers through the engine, on random networks. The result is compared
 * with that in double precision, within a bound on rounding: with and without the activations
 * between layers, with plain loops and vectors, on one thread and on several, in batches below, at
 * and above the length of vectors and micro-batches, in inference and in training.
 */
public class EveryPathTest {

  public static List<Kernels> kernels() {
    Set<Kernels> kernels = new LinkedHashSet<>();
    kernels.add(new ReferenceKernels());
    if (Kernels.best().fusesPooling()) {
      kernels.add(Kernels.best());
    }
    return List.copyOf(kernels);
  }

  /** Around 16 and 32, the longest vectors and the micro-batches; 65 is three micro-batches. */
  @Provide
  public static Arbitrary<Integer> batches() {
    return Arbitraries.of(1, 15, 16, 17, 31, 32, 33, 65);
  }

  @Property(tries = 300, seed = "1")
  void predictionIsWithinRounding(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 7) int steps,
      @ForAll("batches") int n,
      @ForAll @IntRange(min = 1, max = 3) int threads) {
    Network.Builder layers = RandomNetworks.any(seed, steps);
    float[] parameters = TestNetworks.parameters(layers, seed);
    float[] x =
        TestGraphs.random(n * layers.build(parameters, kernels().get(0)).inputShape().size(), seed);
    RoundingBounds bounds =
        new RoundingBounds(layers.build(parameters, new ReferenceKernels()), x, n);
    for (Kernels kernels : kernels()) {
      Network network = layers.build(parameters, kernels);
      network
          .activations(x, n)
          .forEach(
              (node, values) -> bounds.require(kernels.name() + ", layer by layer", node, values));
      float[] predicted = network.predict(x, n);
      bounds.requireOutput(kernels.name() + ", output alone", predicted);
      try (ScratchEngine engine = ScratchEngine.forInference(network, threads)) {
        bounds.requireOutput(kernels.name() + ", as fast as possible", engine.predict(x, n));
      }
      try (ScratchEngine engine = ScratchEngine.layerByLayer(network, threads)) {
        assertThat(engine.predict(x, n)).as("%d threads", threads).containsExactly(predicted);
        // The result depends neither on the other images of a batch nor on earlier batches.
        int fewer = (n + 1) / 2;
        float[] some = engine.predict(x, fewer);
        assertThat(some).containsExactly(Arrays.copyOf(predicted, some.length));
      }
    }
  }

  @Property(tries = 100, seed = "2")
  void evaluationDuringTrainingIsWithinRounding(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int steps,
      @ForAll("batches") int n,
      @ForAll @IntRange(min = 1, max = 3) int threads,
      @ForAll boolean averaged) {
    Network.Builder layers = RandomNetworks.classifier(seed, steps);
    float[] parameters = TestNetworks.parameters(layers, seed);
    for (Kernels kernels : kernels()) {
      Network network = layers.build(parameters.clone(), kernels);
      float[] x = TestGraphs.random(n * network.inputShape().size(), seed);
      float[] y = TestNetworks.targets(n, 5, seed);
      NetworkTrainer.Options options =
          new NetworkTrainer.Options(
              Objective.CATEGORICAL_CROSS_ENTROPY,
              new Optimizer.Adam(new Schedule.Constant(1e-3), 0.9, 0.999, 1e-7),
              List.of(),
              List.of(),
              List.of(new GradientClip(0, parameters.length, 1)),
              averaged ? 0.9 : 0,
              n,
              seed);
      try (ScratchEngine engine = ScratchEngine.forTraining(network, options, threads)) {
        for (int step = 0; step < 2; step++) {
          Network evaluated = network.withParameters(engine.weights());
          new RoundingBounds(evaluated, x, n)
              .requireOutput(
                  "%s, after %d steps".formatted(kernels.name(), step), engine.predict(x, n));
          engine.trainBatch(x, y, n);
        }
        // The averaged weights are evaluated if there are any, otherwise the current ones.
        assertThat(Arrays.equals(engine.weights(), network.parameters())).isEqualTo(!averaged);
      }
    }
  }
}
