package cnnlab.scratch.compiled;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.crosscheck.LayerSamples;
import cnnlab.engine.ScratchEngine;
import cnnlab.scratch.EveryPathTest;
import cnnlab.scratch.Network;
import cnnlab.scratch.RandomNetworks;
import cnnlab.scratch.TestNetworks;
import cnnlab.scratch.ThreadTeam;
import cnnlab.scratch.compiled.kernel.RowKernels;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.kernel.Padding;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.kernel.Window;
import cnnlab.scratch.layer.Activate;
import cnnlab.scratch.layer.Activation;
import cnnlab.scratch.layer.BatchNorm;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.ElementwiseMerge;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.GlobalAvgPool2d;
import cnnlab.scratch.layer.MaxPool2d;
import cnnlab.scratch.layer.RoundingBounds;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.Softmax;
import cnnlab.scratch.layer.ZeroPad2d;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A compiled network against the same network in double precision, within a bound on rounding. */
class CompiledNetworkTest {

  /** The plain loops and, where Java has them, those on vectors. */
  private static List<RowKernels> kernels() {
    List<RowKernels> all = new ArrayList<>(List.of(new RowKernels()));
    if (Kernels.best().lanes() > 1) {
      all.add(RowKernels.like(Kernels.best()));
    }
    return all;
  }

  @Provide
  Arbitrary<Integer> batches() {
    return EveryPathTest.batches();
  }

  @Property(tries = 200, seed = "3")
  void randomNetworks(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 7) int steps,
      @ForAll("batches") int n,
      @ForAll @IntRange(min = 1, max = 3) int threads) {
    Network.Builder layers = RandomNetworks.any(seed, steps);
    check(layers.build(TestNetworks.parameters(layers, seed), new ReferenceKernels()), n, threads);
  }

  static Stream<Network.Builder> samples() {
    return LayerSamples.networks().stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyLayer(Network.Builder builder) {
    Network network = LayerSamples.build(builder, new ReferenceKernels(), 5);
    float[] x = LayerSamples.values(3 * network.inputShape().size(), 9);
    float[] expected = network.predict(x, 3);
    check(
        network,
        x,
        3,
        2,
        (who, y) ->
            assertThat(y).as(who).usingElementComparator(close()).containsExactly(expected));
  }

  static Stream<Network.Builder> large() {
    Window same = Window.square(3, 1, Padding.SAME);
    Window strided = Window.square(3, 2, Padding.SAME);
    Window point = Window.square(1, 1, Padding.VALID);
    return Stream.of(
        // Columns that fill panels of four, two and one vector, and do not; K in several parts.
        Network.builder(new Shape(70, 12, 11))
            .add("a", new Conv2d(70, 115, same, true, false))
            .add("a_norm", new BatchNorm(115, 1e-3, 0.9))
            .add("a_relu", new Activate(Activation.RELU))
            .add("b", new Conv2d(115, 40, point, false, true))
            .add("c", new Conv2d(40, 40, strided, true, false))
            .add("pool", new GlobalAvgPool2d())
            .add("out", new Dense(40, 7, true, false)),
        // A residual block, whose sum and activation follow the second convolution.
        Network.builder(new Shape(3, 16, 16))
            .add("stem", new Conv2d(3, 20, same, true, true))
            .add("a", new Conv2d(20, 20, same, false, true))
            .add("b", new Conv2d(20, 20, same, false, false))
            .add("norm", new BatchNorm(20, 1e-3, 0.9))
            .add("sum", new ElementwiseMerge(ElementwiseMerge.Op.ADD), "stem", "norm")
            .add("relu", new Activate(Activation.relu(6, 0, 0)))
            .add("again", new ElementwiseMerge(ElementwiseMerge.Op.MULTIPLY), "sum", "relu"),
        // An output that two layers read is computed for itself.
        Network.builder(new Shape(3, 8, 8))
            .add("a", new Conv2d(3, 20, same, true, false))
            .add("norm", new BatchNorm(20, 1e-3, 0.9), "a")
            .add("sum", new ElementwiseMerge(ElementwiseMerge.Op.ADD), "a", "norm"),
        // A sum of a layer with itself.
        Network.builder(new Shape(3, 8, 8))
            .add("a", new Conv2d(3, 20, same, true, false))
            .add("sum", new ElementwiseMerge(ElementwiseMerge.Op.ADD), "a", "a"),
        // Zeros in front of convolutions, one of which is depthwise.
        Network.builder(new Shape(20, 33, 30))
            .add("pad1", new ZeroPad2d(0, 0, 1, 1))
            .add("a", new DepthwiseConv2d(20, 1, Window.square(3, 2, Padding.VALID), false, false))
            .add("norm", new BatchNorm(20, 1e-3, 0.9))
            .add("relu", new Activate(Activation.relu(6, 0, 0)))
            .add("pad2", new ZeroPad2d(2, 1, 0, 3))
            .add("b", new Conv2d(20, 33, Window.square(5, 1, Padding.VALID), true, true))
            .add("c", new DepthwiseConv2d(33, 1, same, true, true)),
        // Few channels on wide images: planes, with pooling, read as planes and as rows.
        Network.builder(new Shape(3, 40, 37))
            .add("a", new Conv2d(3, 5, same, true, true))
            .add("pool", new MaxPool2d(Window.square(2, 2, Padding.VALID)))
            .add("b", new Conv2d(5, 6, new Window(3, 5, 2, 1, Padding.SAME, 1, 2), true, false))
            .add("norm", new BatchNorm(6, 1e-3, 0.9))
            .add("c", new Conv2d(5, 6, new Window(3, 3, 2, 1, Padding.SAME), true, true), "pool")
            .add("sum", new ElementwiseMerge(ElementwiseMerge.Op.ADD), "norm", "c")
            .add("flatten", new Flatten())
            .add("dense", new Dense(6 * 10 * 18, 11, true, false))
            .add("softmax", new Softmax()),
        // Planes to the end.
        Network.builder(new Shape(1, 20, 40)).add("a", new Conv2d(1, 2, same, true, false)));
  }

  @ParameterizedTest
  @MethodSource("large")
  void networksOfManyTiles(Network.Builder builder) {
    Network network = LayerSamples.build(builder, new ReferenceKernels(), 7);
    for (int n : new int[] {1, 5, 33}) {
      check(network, n, 3);
    }
  }

  private static void check(Network network, int n, int threads) {
    float[] x = LayerSamples.values(n * network.inputShape().size(), 9);
    RoundingBounds bounds = new RoundingBounds(network, x, n);
    check(network, x, n, threads, (who, y) -> bounds.requireOutput(who, y));
  }

  private static void check(
      Network network, float[] x, int n, int threads, BiConsumer<String, float[]> check) {
    for (RowKernels kernels : kernels()) {
      CompiledNetwork compiled = new CompiledNetwork(network, kernels);
      float[] y = run(compiled, x, n, 1);
      check.accept("compiled, " + kernels.lanes() + " lanes", y);
      assertThat(run(compiled, x, n, threads)).as("%s threads", threads).containsExactly(y);
      // The result depends neither on the other images of a batch nor on earlier batches.
      int fewer = (n + 1) / 2;
      float[] some = run(compiled, x, fewer, threads);
      assertThat(some).containsExactly(Arrays.copyOf(y, some.length));
    }
  }

  private static float[] run(CompiledNetwork compiled, float[] x, int n, int threads) {
    try (ThreadTeam team = new ThreadTeam(threads)) {
      float[] y = new float[n * compiled.outputSize()];
      compiled.run(x, 0, n, y, team);
      return y;
    }
  }

  @Test
  void notANumberIsNotLost() {
    Network network =
        LayerSamples.build(
            Network.builder(new Shape(20, 6, 6))
                .add("a", new Conv2d(20, 20, Window.square(1, 1, Padding.VALID), true, false))
                .add("relu6", new Activate(Activation.relu(6, 0, 0)))
                .add(
                    "b", new DepthwiseConv2d(20, 1, Window.square(1, 1, Padding.VALID), true, true))
                .add("pool", new MaxPool2d(Window.square(2, 2, Padding.VALID))),
            new ReferenceKernels(),
            1);
    float[] x = LayerSamples.values(20 * 36, 2);
    x[7] = Float.NaN;
    float[] expected = network.predict(x, 1);
    for (RowKernels kernels : kernels()) {
      float[] y = run(new CompiledNetwork(network, kernels), x, 1, 1);
      for (int i = 0; i < y.length; i++) {
        assertThat(Float.isNaN(y[i])).isEqualTo(Float.isNaN(expected[i]));
      }
    }
  }

  @Test
  void newWeightsAreUsed() {
    Network network =
        LayerSamples.build(
            Network.builder(new Shape(3, 9, 9))
                .add("a", new Conv2d(3, 32, Window.square(3, 1, Padding.SAME), true, true))
                .add("b", new Conv2d(32, 32, Window.square(3, 1, Padding.SAME), true, true)),
            Kernels.best(),
            1);
    float[] x = LayerSamples.values(243, 2);
    try (ScratchEngine engine = ScratchEngine.forInference(network, 2);
        ScratchEngine plain = ScratchEngine.layerByLayer(network, 2)) {
      assertThat(engine.predict(x, 1))
          .usingElementComparator(close())
          .containsExactly(plain.predict(x, 1));
      float[] other = LayerSamples.values(network.parameters().length, 4);
      engine.setWeights(other);
      assertThat(engine.predict(x, 1))
          .usingElementComparator(close())
          .containsExactly(plain.predict(x, 1));
    }
  }

  private static Comparator<Float> close() {
    return (a, b) -> Math.abs(a - b) <= 1e-4 * (1 + Math.abs(b)) ? 0 : Float.compare(a, b);
  }

  /** The lab's network takes single images one by one, and many side by side. */
  @Test
  void choosesByTheNumberOfImages() {
    if (Kernels.best().lanes() < 16) {
      return;
    }
    Window same = Window.square(3, 1, Padding.SAME);
    Window half = Window.square(2, 2, Padding.VALID);
    Network network =
        LayerSamples.build(
            Network.builder(new Shape(1, 28, 28))
                .add("conv1", new Conv2d(1, 4, same, true, true))
                .add("pool1", new MaxPool2d(half))
                .add("conv2", new Conv2d(4, 8, same, true, true))
                .add("pool2", new MaxPool2d(half))
                .add("flatten", new Flatten())
                .add("dense", new Dense(392, 10, true, false))
                .add("softmax", new Softmax()),
            Kernels.best(),
            1);
    CompiledNetwork compiled = new CompiledNetwork(network);
    assertThat(compiled.suits(1)).isTrue();
    assertThat(compiled.suits(4)).isTrue();
    assertThat(compiled.suits(16)).isFalse();
    assertThat(compiled.suits(1000)).isFalse();
  }
}
